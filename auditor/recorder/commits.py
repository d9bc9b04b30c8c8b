"""One thread that writes: pings that wait at the same time share a transaction."""

from collections.abc import Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from auditor.stores.intake import Message

AT_ONCE = 256
"""Pings of one transaction, at most."""


class Keeper(Protocol):
    """What makes pings durable, such as the writer of our own store; from any thread."""

    def append(self, messages: Sequence[Message]) -> None:
        """All of them or none, on the disk before it returns."""

    def refuse(self, path: str, reason: str) -> None:
        """Keep that something came that could not be read."""


class Waiting(NamedTuple):
    """A ping that is to be written, and whoever waits for it."""

    message: Message
    done: Future[None]


class Commits:
    """Pings on their way into a store. Leaving the context writes those that still wait."""

    def __init__(self, keeper: Keeper) -> None:
        """The thread starts with the context."""
        self._keeper = keeper
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="commits", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait until nothing waits."""
        self._queue.put(None)
        self._thread.join()

    def keep(self, message: Message) -> Future[None]:
        """A future that is done when the ping is durable, and holds the error if it is not."""
        waiting = Waiting(message, Future())
        self._queue.put(waiting)
        return waiting.done

    def refuse(self, path: str, reason: str) -> None:
        """Keep that a ping could not be read, so that no audit takes the store for complete."""
        self._keeper.refuse(path, reason)

    def _work(self) -> None:
        while group := self._next():
            # Whoever has gone away meanwhile is passed over: it was promised nothing.
            wanted = [waiting for waiting in group if waiting.done.set_running_or_notify_cancel()]
            if wanted:
                self._commit(wanted)

    def _next(self) -> list[Waiting]:
        """Everything that waits, or nothing at the end."""
        first = self._queue.get()
        group = [] if first is None else [first]
        while group and len(group) < AT_ONCE:
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                break
            if waiting is None:
                self._queue.put(None)
                break
            group.append(waiting)
        return group

    def _commit(self, group: list[Waiting]) -> None:
        try:
            self._keeper.append([waiting.message for waiting in group])
        except Exception as error:  # noqa: BLE001 - told to whoever waits; the thread goes on
            if len(group) == 1:
                group[0].done.set_exception(error)
                return
            # One ping that no store can hold is no reason to turn the others away.
            for waiting in group:
                self._commit([waiting])
        else:
            for waiting in group:
                waiting.done.set_result(None)
