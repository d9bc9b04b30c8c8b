"""One thread writes for all: what waits is written together, and a failure is told to its owner."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future

import pytest

from auditor.recorder.commits import AT_ONCE, Commits
from auditor.stores.intake import Message
from auditor.stores.tables import Ping


class Slow:
    """A store whose first transaction lasts until it is released, and that cannot hold `bad`."""

    def __init__(self) -> None:
        """Nothing is written yet."""
        self.groups: list[list[str]] = []
        self.begun = threading.Event()
        self.release = threading.Event()

    def append(self, messages: Sequence[Message]) -> None:
        """All of them or none."""
        self.begun.set()
        self.release.wait(10)
        names = [message.ping.message for message in messages]
        if "bad" in names:
            reason = "a store that is full"
            raise OSError(reason)
        self.groups.append(names)

    def refuse(self, path: str, reason: str) -> None:
        """Not of interest here."""


def message(name: str) -> Message:
    """A message of that name."""
    return Message(Ping(name, name, None, "a test", "event"))


def kept_by(store: Slow, commits: Commits, names: list[str]) -> list[Future[None]]:
    """Messages that all come while the first of them is being written."""
    first = commits.keep(message(names[0]))
    store.begun.wait(10)
    rest = [commits.keep(message(name)) for name in names[1:]]
    store.release.set()
    return [first, *rest]


def test_what_waits_shares_a_transaction() -> None:
    """Pings that come while one is written are written together, and then done."""
    store = Slow()
    with Commits(store) as commits:
        for done in kept_by(store, commits, ["a", "b", "c"]):
            done.result(10)
    assert store.groups == [["a"], ["b", "c"]]


def test_nothing_is_done_before_it_is_written() -> None:
    """A ping whose transaction is under way is not yet acknowledged."""
    store = Slow()
    with Commits(store) as commits:
        done = commits.keep(message("a"))
        store.begun.wait(10)
        assert not done.done()
        store.release.set()
        done.result(10)


def test_a_ping_that_cannot_be_written() -> None:
    """It fails alone: the others of its transaction are written, and the thread goes on."""
    store = Slow()
    with Commits(store) as commits:
        first, second, bad, last = kept_by(store, commits, ["a", "b", "bad", "c"])
        for done in (first, second, last, commits.keep(message("d"))):
            done.result(10)
        with pytest.raises(OSError, match="full"):
            bad.result(10)
    assert sorted(name for group in store.groups for name in group) == ["a", "b", "c", "d"]


def test_whoever_has_gone_is_passed_over() -> None:
    """A ping that nobody waits for any more was promised to nobody, and stops nothing."""
    store = Slow()
    with Commits(store) as commits:
        first = commits.keep(message("a"))
        store.begun.wait(10)
        commits.keep(message("b")).cancel()
        store.release.set()
        first.result(10)
        commits.keep(message("c")).result(10)
    assert store.groups == [["a"], ["c"]]


def test_leaving_writes_what_waits() -> None:
    """Nothing that came before the end is dropped, however much it is."""
    store = Slow()
    names = [f"{number}" for number in range(3 * AT_ONCE)]
    with Commits(store) as commits:
        kept_by(store, commits, names)
    assert [name for group in store.groups for name in group] == names
    assert max(map(len, store.groups)) == AT_ONCE
