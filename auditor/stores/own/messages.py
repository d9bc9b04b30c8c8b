"""Messages as rows of the base tables: of tables, as readers of stores give them, or of pings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from auditor.stores.apart import taken_apart
from auditor.stores.intake import Message
from auditor.stores.tables import TABLES, Annotation, Event, Pair, Ping, Scalar, Uptake

if TYPE_CHECKING:
    import pyarrow as pa

PARTS = ("events", "annotations", "uptake", "scalars")
"""What a message has in it, by the names of tables."""

_ROWS = 10_000
_AT_ONCE = 500
"""Messages that are taken apart at once."""


@dataclass(slots=True)
class Kept:
    """A ping and everything in it, as rows of the base tables."""

    ping: Ping
    events: list[Event] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    uptake: list[Uptake] = field(default_factory=list)
    scalars: list[Scalar] = field(default_factory=list)


def as_kept(messages: Iterable[Message]) -> Iterator[Kept]:
    """Messages of pings, whatever their keys are; those of their events are not to be used."""
    waiting = iter(messages)
    while some := [*islice(waiting, _AT_ONCE)]:
        listed = (
            part._replace(message=f"{number:09}")
            for number, message in enumerate(some)
            for part in message.listed
        )
        tables = taken_apart(listed)
        events, uptake = (_Parts(rows_in(tables, name)) for name in ("events", "uptake"))
        for number, message in enumerate(some):
            key = f"{number:09}"
            yield Kept(
                message.ping, events.of(key), message.annotations, uptake.of(key), message.scalars
            )


def messages_in(tables: "Mapping[str, pa.Table]") -> Iterator[Kept]:
    """Every message, in the order of the keys."""
    if "pings" in tables:
        parts = {name: _Parts(rows_in(tables, name)) for name in PARTS}
        for ping in rows_in(tables, "pings"):
            of_it = {name: part.of(ping.message) for name, part in parts.items()}
            yield Kept(ping, **of_it)


def rows_in(tables: "Mapping[str, pa.Table]", name: str) -> Iterator[Any]:
    """The rows of a base table; those of messages in the order of the keys, the rest as it is."""
    row: Any = TABLES[name]
    if name in tables:
        table = tables[name].select(row._fields)
        if "message" in row._fields:
            table = table.sort_by("message")
        for batch in table.to_batches(max_chunksize=_ROWS):
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield _with_pairs(row(*values)) if row is Event else row(*values)


def _with_pairs(event: Event) -> Event:
    extras: Any = event.extras
    return event._replace(extras=[Pair(pair["key"], pair["value"]) for pair in extras])


class _Parts:
    """Rows in the order of their messages, handed out message by message."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self.rows = rows
        self.next = next(rows, None)

    def of(self, message: str) -> list[Any]:
        """The rows of a message: asked for in the order of the keys."""
        found = []
        while self.next is not None and self.next.message <= message:
            if self.next.message == message:
                found.append(self.next)
            self.next = next(self.rows, None)
        return found
