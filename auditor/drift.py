"""Drift: every place where the document's contract and a browser's disagree."""

from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from itertools import groupby
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from rich.box import ROUNDED
from rich.console import Console
from rich.table import Table
from rich.text import Text

from auditor.contract import Contract, ExtraContract, Presence
from auditor.renderers import visible


class Difference(BaseModel):
    """One place where the document and the browser disagree."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    where: str
    document_says: str | None = Field(description="None where the document does not mention it.")
    browser_says: str | None = Field(description="None where the browser never sends it.")
    heading: str | None = Field(description="Where it stands, or would, in the document.")
    source: str | None = Field(description="What shows that the browser does so.")


_Where = tuple[str, ...]


class _Key(NamedTuple):
    """What a statement is about: an event or an extra itself (no name), or a code of it."""

    kind: str
    where: _Where
    name: str = ""


class _Said(NamedTuple):
    """What a contract says of one key, and where that comes from."""

    says: str
    source: str


_PLACES = {"event", "extra", "uptake source", "scalar", "platform limit"}


def differences(documented: Contract, browser: Contract) -> tuple[Difference, ...]:
    """List every place where both disagree: in the document's order, what it lacks at the end.

    Of an event or an extra that one side lacks, its codes and limits are not told as well.
    """
    told, sent = dict(_statements(documented)), dict(_statements(browser))
    order = {where: i for i, where in enumerate(dict.fromkeys(k.where for k in [*told, *sent]))}
    keys = sorted(told | sent, key=lambda key: (order[key.where[:1]], order[key.where]))
    return tuple(
        _difference(key, told, sent)
        for key in keys
        if _has_place(key, told) and _has_place(key, sent)
        if (key in told) != (key in sent) or told[key].says != sent[key].says
    )


def _has_place(key: _Key, said: Mapping[_Key, _Said]) -> bool:
    place = key.where[:-1] if key.kind in _PLACES else key.where
    return not place or any(k.where == place for k in said)


def _difference(key: _Key, told: Mapping[_Key, _Said], sent: Mapping[_Key, _Said]) -> Difference:
    ending = "differs" if key in told and key in sent else "undocumented"
    return Difference(
        kind=f"{key.kind} {ending if key in sent else 'never sent'}",
        where=", ".join(key.where),
        document_says=told[key].says if key in told else None,
        browser_says=sent[key].says if key in sent else None,
        heading=next((said.source for k, said in told.items() if k.where[0] == key.where[0]), None),
        source=next((said.source for k, said in sent.items() if k.where[0] == key.where[0]), None),
    )


def _statements(contract: Contract) -> Iterator[tuple[_Key, _Said]]:
    for method, object_, event in contract.each_event():
        yield (
            _Key("event", (f"{method} {object_}",)),
            _Said(f"its value is {event.value}", event.source),
        )
        for name, extra in event.extras.items():
            if extra.presence is not Presence.FORBIDDEN:
                for key, says in _of_extra((f"{method} {object_}", name), extra):
                    yield key, _Said(says, event.source)
    for kind, uptake in contract.uptake.items():
        where = (f"uptake of {kind}",)
        yield _Key("uptake source", where), _Said(uptake.key, uptake.source)
        for constant, status in uptake.statuses.items():
            says = f"{constant} = {status}"
            yield _Key("status", where, constant), _Said(says, uptake.source)
    for name, scalar in contract.scalars.items():
        yield _Key("scalar", (name,)), _Said(f"{scalar.unit} by {scalar.key}", scalar.source)
    for name, limit in contract.limits.items():
        says = f"{limit.at_most} {limit.unit}"
        yield _Key("platform limit", (name,)), _Said(says, limit.source)


def _of_extra(where: _Where, extra: ExtraContract) -> Iterator[tuple[_Key, str]]:
    conditions = [f"with {' or '.join(extra.only_with)}"] if extra.only_with else []
    conditions += [f"on {' or '.join(extra.channels)}"] if extra.channels else []
    yield _Key("extra", where), " ".join([extra.presence, *conditions])
    for code in extra.codes:
        yield _Key("code", where, code), code
    if extra.open:
        yield _Key("any other code", where), "any other text"
    if extra.pattern is not None:
        yield _Key("form", where), extra.pattern
    if extra.at_most_characters is not None:
        yield _Key("limit", where), f"{extra.at_most_characters} characters"


Names = tuple[str, str]
"""What the two contracts are called, the document's first."""

_COLUMNS = (18, 20, 22, 27)


def tabulated(
    found: Iterable[Difference],
    names: Names,
    *,
    width: int = 100,
    boxed: bool = False,
    styled: bool = False,
) -> str:
    """The differences for the document's owners to work through: a table for each place."""
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=styled,
        color_system="standard" if styled else None,
        # As in the report: the text depends on the contracts alone, not on TERM or a notebook.
        _environ={},
        force_jupyter=False,
    )
    with console.capture() as capture:
        for place, rows in groupby(found, key=_place):
            console.print(Text(place, "bold"), _table(rows, names, boxed=boxed), "", sep="\n")
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def _place(difference: Difference) -> str:
    """Where the document is to be mended, and what shows that it should be."""
    place = f"{difference.heading}: {_event(difference)}"
    shown = f" ({difference.source})" if difference.source else ""
    return visible(f"{place if difference.heading else 'Not in the document'}{shown}")


def _event(difference: Difference) -> str:
    return difference.where.partition(", ")[0]


def _table(rows: Iterable[Difference], names: Names, *, boxed: bool) -> Table:
    table = Table(box=ROUNDED if boxed else None, pad_edge=boxed, expand=True)
    for title, ratio in zip(("where", "what", *names), _COLUMNS, strict=True):
        table.add_column(Text(visible(title)), ratio=ratio, overflow="fold")
    for row in rows:
        where = row.where.partition(", ")[2] or _event(row)
        cells = (where, row.kind, row.document_says or "-", row.browser_says or "-")
        table.add_row(*(Text(visible(cell)) for cell in cells))
    return table
