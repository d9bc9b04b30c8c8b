"""Our own store is read back as it was written, from a copy, and only when it is whole."""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.report import Unreadable
from auditor.stores import Stores, own
from auditor.stores.files import Source
from auditor.stores.intake import Intake, Message
from auditor.stores.own import columns as own_columns
from auditor.stores.own import schema as own_schema
from auditor.stores.own.writing import Writer
from auditor.stores.ping_events import NORMANDY, UPTAKE, take_events
from auditor.stores.tables import TABLES, Annotation, Ping, Scalar

PING = "ed1d48a6-777c-421f-9ec6-a34e69957908"
DAMAGED = "is a damaged store of auditor's own"

texts = st.text(max_size=12) | st.sampled_from(['"', "\\", "\0", "\n", "null", "", "\\n", "'", ","])
numbers = st.none() | st.integers(-(1 << 62), 1 << 62)


@st.composite
def messages(draw: st.DrawFn, number: int = 0) -> Message:
    """A message with anything that a ping can have in it."""
    key, some = f"0000:{number:09}", st.none() | texts
    ping = Ping(key, f"{number} {draw(texts)}", None, draw(texts), draw(texts), draw(some))
    message = Message(ping._replace(created=draw(numbers), upload_off=draw(st.booleans())))
    known = st.sampled_from(["branch", "reason", "prefBranch", "preferenceBranch", "enrollmentId"])
    extras = st.dictionaries(known | texts, texts, max_size=4)
    event = st.tuples(numbers, st.just(NORMANDY), texts, texts, some, extras)
    report = st.tuples(numbers, st.just(UPTAKE), texts, st.just(NORMANDY), some, extras)
    for process in draw(st.lists(texts, max_size=2)):
        entries = draw(st.lists(event | report, max_size=3))
        take_events(message, process, [*map(list, entries)])
    message.scalars.append(Scalar(key, draw(texts), draw(texts), draw(numbers)))
    annotation = Annotation(key, draw(texts), None, None, draw(some), None, draw(st.booleans()))
    message.annotations.append(annotation)
    return message


def named(number: int) -> Message:
    """A small message."""
    return Message(Ping(f"0000:{number:09}", f"ping {number}", None, "source", "event"))


def read(path: Path, store: int = 0) -> Intake:
    """What is read of a store."""
    intake = Intake()
    intake.recorded |= own.read(Source(path), store, intake)
    return intake


def refused(path: Path) -> list[Unreadable]:
    """What could not be read of a store of which nothing was."""
    intake = read(path)
    assert intake.tables == []
    return [part for _, part in intake.unreadable]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with two pings."""
    with Writer(tmp_path / "store.db", "a recorder") as writer:
        writer.append([named(0), named(1)])
    return tmp_path / "store.db"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Every table is the same, to the last character, as if it had not been stored."""
    given_ = [data.draw(messages(number)) for number in range(data.draw(st.integers(1, 3)))]
    path = tmp_path_factory.mktemp("own") / "store.db"
    with Writer(path, "a recorder") as writer:
        writer.append(given_)
    plain = Intake(messages=list(given_))
    plain.pack()
    assert_same(plain, read(path))


def assert_same(plain: Intake, stored: Intake) -> None:
    """Both hold the same rows of messages."""
    for name, table in plain.tables[0].items():
        columns, found = table.column_names, stored.tables[0][name]
        assert table.to_pylist() == found.select(columns).cast(table.schema).to_pylist()


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_tables_larger_than_what_is_read_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rows: int
) -> None:
    """Where one part ends and the next begins, no row is lost or read twice."""
    monkeypatch.setattr(own_columns, "ROWS", rows)
    with Writer(tmp_path / "store.db", "a recorder") as writer:
        writer.append([named(number) for number in range(5)])
    pings = read(tmp_path / "store.db").tables[0]["pings"]["ping"].to_pylist()
    assert [f"ping {number}" for number in range(5)] == pings


def test_keys_far_apart(store: Path) -> None:
    """A key that lies far from the others does not make the reading any longer."""
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("UPDATE pings SET message = 999999999 WHERE message = 1")
        connection.commit()
    keys = read(store).tables[0]["pings"]["message"].to_pylist()
    assert sorted(keys) == ["0000:000000000", "0000:999999999"]


def test_keys_of_the_audit(store: Path) -> None:
    """Messages get the number that the store has in the audit, in the order of the import."""
    pings = read(store, 7).tables[0]["pings"].to_pylist()
    assert [(ping["message"], ping["ping"]) for ping in pings] == [
        ("0007:000000000", "ping 0"),
        ("0007:000000001", "ping 1"),
    ]


def test_recorded_tables_are_those_of_the_sources(store: Path) -> None:
    """A store of received pings records no profiles."""
    assert {*TABLES, "switches"} - {"records", "profiles", "recipes"} == read(store).recorded


def test_is_recognised_by_what_it_is(store: Path, tmp_path: Path) -> None:
    """Its name does not count, and another program's database is none of ours."""
    plain = tmp_path / "plain.db"
    with closing(sqlite3.connect(plain)) as connection:
        connection.execute("CREATE TABLE events (message)")
    renamed = store.rename(tmp_path / "store.txt")
    kinds = [own.recognises(path) for path in (renamed, plain, tmp_path, tmp_path / "none")]
    assert kinds == [True, False, False, False]


def test_the_log_beside_it_is_read_too(store: Path, tmp_path: Path) -> None:
    """What was written last may not be in the file yet; neither file is altered."""
    with Writer(store, "a recorder") as writer:
        writer.append([named(2)])
        before = digests(tmp_path)
        assert read(store).tallies[0].pings == 3
        assert before == digests(tmp_path)
        assert "store.db-wal" in before


def digests(folder: Path) -> dict[str, str]:
    """The digest of each file, but for the one in which SQLite keeps its locks."""
    files = (file for file in folder.iterdir() if file.suffix != ".db-shm")
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_digest_tells_stores_apart(store: Path) -> None:
    """Everything that is read is digested."""
    first, second = Source(store), Source(store)
    own.read(first, 0, Intake())
    with Writer(store, "a recorder") as writer:
        writer.append([named(2)])
        own.read(second, 0, Intake())
    assert first.digest != second.digest
    assert first.key != second.key


@pytest.mark.parametrize("page", [2, 3, 4, 5], ids=lambda page: f"the {page}th page is overwritten")
def test_damaged(store: Path, page: int) -> None:
    """A damaged store is refused as a whole, or was damaged where nothing of it is read."""
    data = bytearray(store.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    store.write_bytes(data)
    intake = read(store)
    whole = intake.tallies[0].pings == 2 and not intake.unreadable
    assert whole or [Unreadable(path="store.db", reason=DAMAGED)] == [
        part for _, part in intake.unreadable
    ]


@pytest.mark.parametrize("kept", [100, 4096, 20_000])
def test_cut_short(store: Path, kept: int) -> None:
    """A store that was not copied to its end is refused by name, in one clause."""
    store.write_bytes(store.read_bytes()[:kept])
    assert [Unreadable(path="store.db", reason=DAMAGED)] == refused(store)


def test_newer(store: Path) -> None:
    """A schema that this auditor does not know is refused."""
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA user_version = 99")
    reason = "was written by a newer auditor (schema 99; this one knows 1)"
    assert [Unreadable(path="store.db", reason=reason)] == refused(store)


def test_older(store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An older store is brought to the present schema in the copy that is read."""
    monkeypatch.setattr(own_schema, "MIGRATIONS", (*own_schema.MIGRATIONS, drop_two))
    before = digests(tmp_path)
    assert read(store).tables[0]["pings"]["ping"].to_pylist() == ["ping 1"]
    assert before == digests(tmp_path)


def drop_two(database: Any) -> None:  # noqa: ANN401 - sqlite-utils, which is imported late
    """A step that shows that it was taken."""
    database.execute("DELETE FROM pings WHERE ping = 'ping 0'")


def test_older_that_is_written_to(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer brings it to the present schema for good, and takes each step once."""
    monkeypatch.setattr(own_schema, "MIGRATIONS", (*own_schema.MIGRATIONS, drop_two))
    for number in (0, 5):
        with Writer(store, "a recorder") as writer:
            writer.append([named(number)])
    pings = read(store).tables[0]["pings"]["ping"].to_pylist()
    assert pings == ["ping 1", "ping 0", "ping 5"]


def test_a_view_in_the_place_of_a_table(store: Path) -> None:
    """It could make rows without end, so the store is refused."""
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("DROP TABLE scalars")
        connection.execute("CREATE VIEW scalars AS SELECT 1 AS id")
    lacking = "lacks tables of auditor's own"
    assert [Unreadable(path="store.db", reason=lacking)] == refused(store)


def test_generated_columns_say_what_the_extras_say(tmp_path: Path) -> None:
    """SQLite itself shows the columns that repeat an extra, for whoever opens the store."""
    message = named(0)
    extras = {"branch": "treatment", "preferenceBranch": "user"}
    event = [0, NORMANDY, "enroll", "preference_study", "slug", extras]
    take_events(message, "parent", [event])
    with Writer(tmp_path / "store.db", "a recorder") as writer:
        writer.append([message])
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        query = "SELECT branch, preference_branch, reason FROM events"
        assert connection.execute(query).fetchone() == ("treatment", "user", None)


def test_two_stores_in_one_audit(store: Path, tmp_path: Path, read: Callable[..., Stores]) -> None:
    """Their keys do not meet, and a ping that is in both counts once."""
    other = Path(shutil.copy(store, tmp_path / "other.db"))
    with Writer(other, "a recorder") as writer:
        writer.append([named(2)])
    stores = read(store, other)
    assert [summary.pings for summary in stores.summaries] == [2, 3]
    pings: Sequence[str] = stores.tables["pings"]["ping"].to_pylist()
    assert sorted(pings) == ["ping 0", "ping 1", "ping 2"]
