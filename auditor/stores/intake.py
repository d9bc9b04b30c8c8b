"""What the readers of stores have taken in: messages, records and what could not be read."""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.report import Unreadable
from auditor.stores.apart import Listed, taken_apart
from auditor.stores.packed import UnreadableError
from auditor.stores.tables import (
    TABLES,
    Annotation,
    Ping,
    Profile,
    Recipe,
    Record,
    Scalar,
    as_arrow,
)

if TYPE_CHECKING:
    import pyarrow as pa


AT_ONCE = 1_000
"""Messages that are kept before they are packed into tables: fewer, where they list many events."""

MOST_LISTED = 4 << 20
"""Bytes of listed events that are kept before they are taken apart: each lot costs 10 ms by itself,
and for the last lot the reader waits."""

MOST_KEPT = 200_000
"""Rows of tables that are kept before they are handed on."""

MOST_TABLES = 200
"""Times that tables are kept before they are handed on: each time costs more than a few rows."""


@dataclass(slots=True)
class Message:
    """A ping and everything in it that the audit examines. `events` counts Normandy's."""

    ping: Ping
    events: int = 0
    listed: list[Listed] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    scalars: list[Scalar] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """How much was read of one store, and between which times, in milliseconds since 1970."""

    pings: int = 0
    events: int = 0
    records: int = 0
    first: int | None = None
    last: int | None = None

    def span(self, *times: int | None) -> None:
        """Take in the times of pings."""
        for time in times:
            if time is not None:
                self.first = time if self.first is None else min(time, self.first)
                self.last = time if self.last is None else max(time, self.last)


@dataclass(slots=True)
class Intake:
    """All stores of one audit: one body of evidence.

    Most readers give messages and rows; those of large stores give whole tables by name, each with
    the columns of the base table of that name. `taken` counts the messages, `listed` the bytes of
    events in those that are still messages. Tables lie in `tables` until there are so many that
    they are handed on to `keep`, if there is one, from whatever thread.
    """

    messages: list[Message] = field(default_factory=list)
    taken: int = 0
    listed: int = 0
    records: list[Record] = field(default_factory=list)
    recipes: list[Recipe] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    tables: "list[Mapping[str, pa.Table]]" = field(default_factory=list)
    keep: "Callable[[Mapping[str, pa.Table]], None] | None" = None
    recorded: set[str] = field(default_factory=set)
    unreadable: list[tuple[int, Unreadable]] = field(default_factory=list)
    ignored: list[tuple[int, str]] = field(default_factory=list)
    tallies: defaultdict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    _other: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _packing: Future[None] | None = None

    def key(self, store: int) -> str:
        """What tells the next message apart: keys are in the order in which messages are read."""
        return f"{store:04}:{self.taken:09}"

    def take(self, store: int, message: Message) -> None:
        """Add a message, and name what could not be read in it."""
        ping, tally = message.ping, self.tallies[store]
        self.messages.append(message)
        self.taken += 1
        self.listed += sum(map(_size, message.listed))
        if len(self.messages) >= AT_ONCE or self.listed >= MOST_LISTED:
            self._hand_over()
        tally.pings += 1
        tally.events += message.events
        tally.span(ping.created if ping.created is not None else ping.received)
        for fault in message.faults:
            self.refuse(store, ping.source, fault)

    def pack(self) -> None:
        """Put the messages taken so far into tables, which need far less room."""
        self._hand_over()
        self._wait()

    def _hand_over(self) -> None:
        """Have another thread pack the messages, while more are taken: one such lot at a time."""
        messages, self.messages, self.listed = self.messages, [], 0
        if not messages:
            return
        rows: dict[str, Iterable[tuple[object, ...]]] = {
            "pings": (message.ping for message in messages),
            "annotations": (row for message in messages for row in message.annotations),
            "scalars": (row for message in messages for row in message.scalars),
        }
        tables = {name: as_arrow(TABLES[name], rows[name]) for name in rows}
        listed = [part for message in messages for part in message.listed]
        self._wait()
        self._packing = self._other.submit(self._pack, tables, listed)

    def _pack(self, tables: "Mapping[str, pa.Table]", listed: Iterable[Listed]) -> None:
        self._keep({**tables, **taken_apart(listed)})

    def _wait(self) -> None:
        """Until what was handed over is packed, or to raise what went wrong."""
        packing, self._packing = self._packing, None
        if packing:
            packing.result()

    def _keep(self, tables: "Mapping[str, pa.Table]") -> None:
        self.tables.append(tables)
        rows = sum(table.num_rows for each in self.tables for table in each.values())
        if self.keep and (rows > MOST_KEPT or len(self.tables) > MOST_TABLES):
            for name in TABLES:
                self.keep({name: joined(name, [], self.tables)})
            self.tables.clear()

    def take_records(self, store: int, rows: Iterable[Record]) -> None:
        """Add what a client stores of its own enrollments."""
        before = len(self.records)
        self.records.extend(rows)
        self.tallies[store].records += len(self.records) - before

    def take_tables(self, store: int, tables: "Mapping[str, pa.Table]") -> None:
        """Add whole tables, in which messages have keys that begin as those of `key` do."""
        import pyarrow.compute as pc

        self.pack()
        tally = self.tallies[store]
        self._keep(tables)
        for name in ("pings", "events", "records"):
            if name in tables:
                setattr(tally, name, getattr(tally, name) + tables[name].num_rows)
        if "pings" in tables:
            times = pc.coalesce(tables["pings"]["created"], tables["pings"]["received"])
            tally.span(*pc.min_max(times).as_py().values())

    def refuse(self, store: int, path: str, reason: str) -> None:
        """Note an input that could not be read."""
        self.unreadable.append((store, Unreadable(path=path, reason=reason)))

    def ignore(self, store: int, path: str) -> None:
        """Note a file among others that holds no telemetry."""
        self.ignored.append((store, path))

    @contextmanager
    def reading(self, store: int, path: str) -> Iterator[None]:
        """Read one input; should it turn out unreadable, name it and go on with the next."""
        try:
            yield
        except UnreadableError as error:
            self.refuse(store, path, str(error))


def joined(
    name: str, rows: Iterable[tuple[object, ...]], tables: "Iterable[Mapping[str, pa.Table]]"
) -> "pa.Table":
    """One base table of rows and of whole tables."""
    import pyarrow as pa

    own = as_arrow(TABLES[name], rows)
    others = [
        table[name].select(own.column_names).cast(own.schema) for table in tables if name in table
    ]
    return pa.concat_tables([own, *others])


def _size(listed: Listed) -> int:
    return len(listed.entries)


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage is looked for in the meantime: rows make no circles, and are let go of as ever.

    To go through the rows of a large store again and again takes a fifth of its reading.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
