"""Writing to our own store: pings are on the disk before `append` returns.

SIGNATURE FIXED, BODY UNDER WAY.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from auditor.stores.intake import Message


class Writer:
    """An open store to which pings are added as they are received, from any number of threads.

        with Writer(Path("store.db"), source="http://127.0.0.1:8080") as writer:
            writer.append([message])

    The store is made (mode 0600) when it is missing. One connection is held, under one lock; write-
    ahead log, synchronous=FULL. `source` names where the pings come from: one row of the table
    `sources`, the same for every run that gives the same name.
    """

    def __init__(self, path: Path, source: str) -> None:
        """Nothing is opened before `with`."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Open or make the store. Raises StoreError (one sentence) when it is none of ours."""
        raise NotImplementedError

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store; its write-ahead log is folded into it."""

    def append(self, messages: Sequence[Message]) -> None:
        """Write parsed pings, all of them or none, durably before this returns.

        Keys (`Ping.message`, and `message` of every row) may be anything: the store gives its own.
        A message that the store has already, by document id and content, is passed over; its
        `source` does not count as content, its `received` does. `faults` of a message are kept as
        what could not be read. Raises OSError (disk full) or sqlite3.Error; then nothing of the
        batch was written.
        """
        raise NotImplementedError

    def refuse(self, path: str, reason: str) -> None:
        """Keep that an input could not be read, so that the audit of the store is incomplete."""
        raise NotImplementedError
