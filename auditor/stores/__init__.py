"""Recorded stores, read into the base tables: one body of evidence, however many they are."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from auditor.history import Moment
from auditor.report import Input, StoreSummary, Unreadable
from auditor.stores import histories, pings
from auditor.stores.files import Source
from auditor.stores.intake import Intake, joined, uncollected
from auditor.stores.packed import UnreadableError
from auditor.stores.places import exists, shown, shut
from auditor.stores.recipes import read_recipes
from auditor.stores.room import Limits, Room
from auditor.stores.tables import TABLES, Recipe
from auditor.stores.timeline import settle, settled

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Limits",
    "NoSuchStoreError",
    "NothingAuditedError",
    "Recipe",
    "Room",
    "Step",
    "Stores",
    "UnreadableError",
    "as_stores",
    "iso",
    "read_both",
    "read_recipes",
    "read_store",
    "read_stores",
    "recorded_in",
    "settled",
    "tables_of",
]

_INSIDE = ("profile", "fleet", "fleet.db")
"""What a recording of ours, or a simulated fleet, calls the store that is in it."""

Step = Callable[[str], AbstractContextManager[object]]
"""Told in words what is done while the context lasts: never with what stands in a store."""


class NoSuchStoreError(Exception):
    """A path that was named does not exist."""


class NothingAuditedError(Exception):
    """None of the paths is a store."""


@dataclass(frozen=True)
class Stores:
    """What was read: the base tables, a summary of each store, and which tables they record.

    `key` keys the tokens that stand for identifiers; only a holder of the same stores can derive
    it.
    """

    tables: Room
    summaries: tuple[StoreSummary, ...]
    recorded: frozenset[str]
    key: bytes


def read_stores(
    paths: Sequence[Path],
    recipes: Sequence[Recipe] = (),
    step: Step = nullcontext,
    limits: Limits | None = None,
) -> Stores:
    """Read every store, each as a `step`, and add what recipes ask for.

    Raises NoSuchStoreError for a missing path, before anything is read, and NothingAuditedError
    when none of the paths is a store.
    """
    room = Room(limits)
    return _settled(room, *_read(paths, recipes, step, room), step)


def read_both(
    paths: Sequence[Path], recipes: Sequence[Recipe] = (), step: Step = nullcontext
) -> "tuple[Stores, dict[str, pa.Table]]":
    """What `read_stores` gives, and the base tables as they were recorded, not yet settled."""
    room = Room()
    sources, kinds, intake = _read(paths, recipes, step, room)
    recorded = room.recorded()
    return _settled(room, sources, kinds, intake, step), recorded


def _read(
    paths: Sequence[Path], recipes: Sequence[Recipe], step: Step, room: Room
) -> tuple[list[Source], list[str | None], Intake]:
    """Put what the stores record into the room."""
    for path in paths:
        if not path.exists():
            message = f"{path}: no such file or directory"
            raise NoSuchStoreError(message)
    intake = Intake(recipes=list(recipes), keep=room.record)
    sources = [Source(path) for path in paths]
    kinds = [read_store(source, number, intake, step) for number, source in enumerate(sources)]
    if not any(kinds):
        message = "; ".join(refused.path + " " + refused.reason for _, refused in intake.unreadable)
        raise NothingAuditedError(message)
    room.record(recorded_in(intake))
    return sources, kinds, intake


def _settled(
    room: Room, sources: list[Source], kinds: list[str | None], intake: Intake, step: Step
) -> Stores:
    summaries = tuple(
        _summary(source, number, kind, intake)
        for number, (source, kind) in enumerate(zip(sources, kinds, strict=True))
    )
    key = b"".join(source.key for source in sources)
    with step("putting what was read in order"):
        settle(room)
    return Stores(room, summaries, frozenset(intake.recorded), key)


def as_stores(*people: Iterable[Moment]) -> Stores:
    """Histories written by hand, one for each person, as if they had been read from a store."""
    intake = histories.written(people)
    return Stores(tables_of(intake), (), frozenset(intake.recorded), key=b"a history")


def tables_of(intake: Intake) -> Room:
    """The base tables by name, settled."""
    return settled(recorded_in(intake))


def recorded_in(intake: Intake) -> "dict[str, pa.Table]":
    """The base tables by name, as they were recorded."""
    intake.pack()
    rows: dict[str, list[Any]] = {
        "records": intake.records,
        "profiles": intake.profiles,
        "recipes": intake.recipes,
    }
    return {name: joined(name, rows.get(name, []), intake.tables) for name in TABLES}


def kinds() -> list[ModuleType]:
    """The modules of this folder that read a kind of store."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    known = (module for module in modules if hasattr(module, "KIND"))
    # A directory of pings is what is left when a directory is nothing more telling.
    return sorted(known, key=lambda module: module.KIND == pings.KIND)


def read_store(source: Source, number: int, into: Intake, step: Step = nullcontext) -> str | None:
    """Take in one store, whatever its kind, and give the kind's name; None for no store."""
    for kind in kinds():
        if kind.recognises(source.root):
            with step(f"reading {shown(source.root.as_posix())} ({kind.KIND})"), uncollected():
                into.recorded |= kind.read(source, number, into)
            return str(kind.KIND)
    into.refuse(number, shown(source.root.as_posix()), _why_no_store(source.root))
    return None


def _why_no_store(path: Path) -> str:
    if not path.is_symlink() and (reason := shut(path)):
        return reason
    places = [path / name for name in _INSIDE if exists(path / name)]
    inside = next((place for place in places if any(k.recognises(place) for k in kinds())), None)
    hint = f"; did you mean {inside}?" if inside else ""
    what = (
        "holds no telemetry store that is known" if path.is_dir() else "is no store that is known"
    )
    return what + hint


def _summary(source: Source, number: int, kind: str | None, intake: Intake) -> StoreSummary:
    tally = intake.tallies[number]
    return StoreSummary(
        path=shown(source.root.as_posix()),
        kind=kind or "unknown",
        digest=source.digest,
        pings=tally.pings,
        events=tally.events,
        records=tally.records,
        first=None if tally.first is None else iso(tally.first),
        last=None if tally.last is None else iso(tally.last),
        unreadable=tuple(
            sorted(
                {refused for store, refused in intake.unreadable if store == number},
                key=_by_path,
            )
        ),
        inputs=tuple(Input(path=each.name, digest=each.digest) for each in source.readings),
        ignored=tuple(sorted(path for store, path in intake.ignored if store == number)),
    )


def _by_path(part: Unreadable) -> tuple[str, str]:
    return part.path, part.reason


def iso(ms: int) -> str:
    """Milliseconds since 1970 as `2026-11-24T06:40:03.237Z`."""
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
