"""Writing to our own store as pings are received: they are on the disk before `append` returns."""

import threading
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from auditor.report import Unreadable
from auditor.stores.intake import Message
from auditor.stores.own.content import Addition
from auditor.stores.own.messages import as_kept
from auditor.stores.own.schema import opened, writing
from auditor.stores.own.sources import Origin, known_origin, note_more, note_origin

if TYPE_CHECKING:
    from sqlite_utils import Database

KIND_OF_SOURCE = "recorder"
"""What the table `sources` says of pings that were written by a `Writer`."""

RECORDED = frozenset({"pings", "events", "annotations", "uptake", "scalars", "switches"})


@dataclass(slots=True)
class _Batch:
    """What one caller wants written, and what came of it."""

    messages: Sequence[Message]
    unreadable: Sequence[Unreadable]
    done: bool = False
    error: Exception | None = None


class Writer:
    """An open store to which pings are added as they are received, from any number of threads.

        with Writer(Path("store.db"), source="http://127.0.0.1:8080") as writer:
            writer.append([message])

    The store is made (mode 0600) when it is missing. One connection is held, under one lock; write-
    ahead log, synchronous=FULL. What several threads wait to write is written in one transaction.
    `source` names where the pings come from: one row of the table `sources`, the same for every run
    that gives the same name.
    """

    def __init__(self, path: Path, source: str) -> None:
        """Nothing is opened before `with`."""
        self._path = path
        self._source = source
        self._lock = threading.Lock()
        self._waiting: deque[_Batch] = deque()
        self._open = ExitStack()
        self._database: Database | None = None
        self._origin = 0

    def __enter__(self) -> Self:
        """Open or make the store. Raises StoreError (one clause) when it is none of ours."""
        with self._open as opening:
            database = opening.enter_context(opened(self._path))
            place = f"recorder {self._source}"
            with writing(database):
                known = known_origin(database, place)
                named = Origin(self._source, place, KIND_OF_SOURCE, recorded=RECORDED)
                self._origin = note_origin(database, named) if known is None else known
            self._database = database
            self._open = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store; its write-ahead log is folded into it."""
        with self._lock:
            self._database = None
            self._open.close()

    def append(self, messages: Sequence[Message]) -> None:
        """Write parsed pings, all of them or none, durably before this returns.

        Keys (`Ping.message`, and `message` of every row) may be anything: the store gives its own.
        A message that the store has already, by document id and content, is passed over; its
        `source` does not count as content, its `received` does. `faults` of a message are kept as
        what could not be read. Raises OSError (disk full) or sqlite3.Error; then nothing of the
        batch was written.
        """
        faults = [(message.ping.source, fault) for message in messages for fault in message.faults]
        unreadable = [Unreadable(path=path, reason=reason) for path, reason in faults]
        self._take(_Batch(messages, unreadable))

    def refuse(self, path: str, reason: str) -> None:
        """Keep that an input could not be read, so that the audit of the store is incomplete."""
        self._take(_Batch([], [Unreadable(path=path, reason=reason)]))

    def _take(self, batch: _Batch) -> None:
        """Whoever has the lock writes for all who wait."""
        self._waiting.append(batch)
        with self._lock:
            if not batch.done:
                waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
                if not self._write(waiting):
                    for one in waiting:
                        self._write([one])
        if batch.error:
            raise batch.error

    def _write(self, batches: Sequence[_Batch]) -> bool:
        """Write the batches in one transaction. What goes wrong is each caller's own to raise."""
        error: Exception | None = None
        try:
            self._commit(batches)
        except Exception as raised:  # noqa: BLE001 - raised again where the batch came from
            error = raised
        for batch in batches:
            batch.done, batch.error = True, error
        return error is None

    def _commit(self, batches: Sequence[_Batch]) -> None:
        if self._database is None:
            message = "the store is not open"
            raise ValueError(message)
        with writing(self._database):
            addition = Addition(self._database, self._origin)
            addition.add(as_kept(message for batch in batches for message in batch.messages))
            unreadable = [part for batch in batches for part in batch.unreadable]
            note_more(self._database, self._origin, addition.first, unreadable)
