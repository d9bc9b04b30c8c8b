"""Pings that are appended to our own store are in it, once, whatever happens next."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from auditor.stores.intake import Message
from auditor.stores.own.content import Addition
from auditor.stores.own.schema import StoreError
from auditor.stores.own.writing import Writer
from auditor.stores.tables import Ping, Scalar

APPEND_AND_WAIT = """
import sys, time
from pathlib import Path
from auditor.stores.intake import Message
from auditor.stores.own.writing import Writer
from auditor.stores.tables import Ping
with Writer(Path(sys.argv[1]), "a recorder") as writer:
    writer.append([Message(Ping("", "ping", None, "source", "event"))])
    print("appended", flush=True)
    time.sleep(60)
"""


def named(number: int, received: int | None = None) -> Message:
    """A small message."""
    ping = Ping("", f"ping {number}", None, f"line {number}", "event", received=received)
    return Message(ping, scalars=[Scalar("", "normandy.recipe_freshness", "1", number)])


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    """What a query finds."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def pings(path: Path) -> list[object]:
    """The document ids, in the order of the keys."""
    return [ping for (ping,) in rows(path, "SELECT ping FROM pings ORDER BY message")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store is to be."""
    return tmp_path / "store.db"


def test_only_its_owner_can_read_it(path: Path) -> None:
    """The store and its log hold client ids."""
    with Writer(path, "a recorder") as writer:
        writer.append([named(0)])
        files = [path, path.with_name("store.db-wal")]
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]


def test_another_writer_adds_to_it(path: Path) -> None:
    """What is there stays, and its source is one row."""
    for number in range(2):
        with Writer(path, "a recorder") as writer:
            writer.append([named(number)])
    assert pings(path) == ["ping 0", "ping 1"]
    assert rows(path, "SELECT path, kind, pings FROM sources") == [("a recorder", "recorder", 2)]


def test_a_ping_is_written_once(path: Path) -> None:
    """Where it was found does not count; when it was received does."""
    with Writer(path, "a recorder") as writer:
        writer.append([named(0), named(0)])
        again = named(0)
        again.ping = again.ping._replace(message="another key", source="another line")
        writer.append([again, named(1), named(0, received=5)])
    assert pings(path) == ["ping 0", "ping 1", "ping 0"]
    assert rows(path, "SELECT pings FROM sources") == [(3,)]


def test_many_threads(path: Path) -> None:
    """All that any of them has appended is there, under keys of its own."""
    with Writer(path, "a recorder") as writer, ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda number: writer.append([named(number % 150)]), range(200)))
    assert {f"ping {number}" for number in range(150)} == set(pings(path))
    assert len(pings(path)) == 150
    assert rows(path, "PRAGMA foreign_key_check") == []


def test_two_writers_at_once(path: Path) -> None:
    """Each waits for the other."""
    with Writer(path, "one") as one, Writer(path, "two") as two, ThreadPoolExecutor(2) as threads:
        for number in range(20):
            threads.submit((one, two)[number % 2].append, [named(number)])
    assert {f"ping {number}" for number in range(20)} == set(pings(path))


def test_killed_after_it_appended(path: Path) -> None:
    """What `append` has returned from is in the store, although nobody closed it."""
    with subprocess.Popen(
        [sys.executable, "-c", APPEND_AND_WAIT, str(path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"appended\n"
        os.kill(process.pid, signal.SIGKILL)
    assert pings(path) == ["ping"]


def test_a_batch_that_fails_fails_alone(path: Path) -> None:
    """Nothing of it is written, its caller is told, and the writer goes on."""
    too_large = named(1)
    too_large.scalars[0] = too_large.scalars[0]._replace(value=1 << 70)
    with Writer(path, "a recorder") as writer:
        with pytest.raises(OverflowError):
            writer.append([named(0), too_large])
        writer.append([named(2)])
    assert pings(path) == ["ping 2"]


def test_of_callers_that_wait_together_only_one_fails(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be written for all of them is written for each of the others."""
    bad = named(13)
    bad.scalars[0] = bad.scalars[0]._replace(value=1 << 70)
    slow = Addition.add

    def add(self: Addition, *given: object) -> None:
        threads.submit(int).result()  # gives the others time to come and wait
        slow(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Addition, "add", add)
    with ThreadPoolExecutor(32) as threads, Writer(path, "a recorder") as writer:
        batches = [[bad if number == 13 else named(number)] for number in range(30)]
        waiting = [threads.submit(writer.append, batch) for batch in batches]
        failed = [number for number, one in enumerate(waiting) if one.exception()]
    assert failed == [13]
    assert {f"ping {number}" for number in range(30)} - {"ping 13"} == set(pings(path))


def test_what_could_not_be_read_is_kept(path: Path) -> None:
    """Faults of a message, and inputs that were none, once each."""
    faulty = named(0)
    faulty.faults.append("has an event that is none")
    with Writer(path, "a recorder") as writer:
        for _ in range(2):
            writer.append([faulty])
            writer.refuse("POST", "is not JSON")
    kept = '[["POST", "is not JSON"], ["line 0", "has an event that is none"]]'
    assert [(kept,)] == rows(path, "SELECT unreadable FROM sources")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"what is this?", "is not a store of auditor's own"),
        (b"SQLite format 3\0" + bytes(200), "is not a store of auditor's own"),
    ],
    ids=["a file of another kind", "another program's database"],
)
def test_what_is_no_store_is_left_alone(path: Path, data: bytes, reason: str) -> None:
    """It is refused before anything is written to it."""
    path.write_bytes(data)
    with pytest.raises(StoreError, match=reason), Writer(path, "a recorder"):
        pass
    assert data == path.read_bytes()


def test_closed(path: Path) -> None:
    """A writer that was closed writes no more."""
    with Writer(path, "a recorder") as writer:
        pass
    with pytest.raises(ValueError, match="the store is not open"):
        writer.append([named(0)])
