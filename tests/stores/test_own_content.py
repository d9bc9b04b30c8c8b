"""A source that is imported again adds to our own store what is new in it, and nothing else."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from auditor.importing import import_sources
from auditor.stores.own import content as own_content

Pair = Callable[[str], tuple[Path, Path]]

CLEAN = "firefox-115-clean"
BROKEN = "firefox-115-upload-off-on"
CONTENT = (
    *("pings", "events", "annotations", "uptake", "scalars"),
    *("profiles", "records", "recipes"),
)


def content(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but `sources`."""
    return {name: rows(store, f"SELECT * FROM {name}") for name in CONTENT}  # noqa: S608


def rows(store: Path, query: str) -> list[tuple[object, ...]]:
    """What a query finds."""
    with closing(sqlite3.connect(store)) as connection:
        return connection.execute(query).fetchall()


def digest(store: Path) -> str:
    """The digest of the file."""
    return hashlib.sha256(store.read_bytes()).hexdigest()


@pytest.fixture
def pair(recordings: Path, tmp_path: Path) -> Pair:
    """Copy the two stores of a recording, to be added to."""

    def copy(name: str) -> tuple[Path, Path]:
        folder = Path(shutil.copytree(recordings / name, tmp_path / name))
        return folder / "profile", folder / "received.ndjson"

    return copy


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Where the store is to be."""
    return tmp_path / "store.db"


def test_twice(pair: Pair, into: Path) -> None:
    """Nothing changes in any table."""
    sources = pair(BROKEN)
    import_sources(sources, into)
    before = content(into), rows(into, "SELECT * FROM sources")
    import_sources(sources, into)
    assert before == (content(into), rows(into, "SELECT * FROM sources"))


def test_the_same_import_makes_the_same_store(pair: Pair, tmp_path: Path) -> None:
    """No clock and no chance is in it: two stores of the same sources are the same file."""
    sources = pair(BROKEN)
    stores = [tmp_path / name for name in ("one.db", "two.db")]
    for store in stores:
        import_sources(sources, store)
    assert len({digest(store) for store in stores}) == 1


@pytest.mark.parametrize("name", [CLEAN, BROKEN])
def test_sound(pair: Pair, into: Path, name: str) -> None:
    """What refers to something refers to what there is, and the file is whole."""
    import_sources(pair(name), into)
    assert rows(into, "PRAGMA foreign_key_check") == []
    assert rows(into, "PRAGMA integrity_check") == [("ok",)]


def test_grown(pair: Pair, into: Path) -> None:
    """Of a file that has grown, the new lines are added after the old ones."""
    _, received = pair(BROKEN)
    lines = received.read_bytes().splitlines(keepends=True)
    received.write_bytes(b"".join(lines[:10]))
    import_sources([received], into)
    first = content(into)
    received.write_bytes(b"".join(lines))
    import_sources([received], into)
    for name, table in content(into).items():
        assert table[: len(first[name])] == first[name]
    assert len(content(into)["pings"]) > 10
    assert rows(into, "SELECT count(*) FROM sources") == [(1,)]


def test_the_first_lines_gone(pair: Pair, into: Path) -> None:
    """Where a ping stands in its file does not make it another one."""
    _, received = pair(BROKEN)
    import_sources([received], into)
    before = content(into)
    received.write_bytes(b"".join(received.read_bytes().splitlines(keepends=True)[5:]))
    import_sources([received], into)
    assert content(into) == before


def test_the_same_source_elsewhere(pair: Pair, into: Path, tmp_path: Path) -> None:
    """A copy adds itself to the sources, and nothing else."""
    profile, _ = pair(BROKEN)
    import_sources([profile], into)
    before = content(into)
    import_sources([Path(shutil.copytree(profile, tmp_path / "a copy"))], into)
    assert content(into) == before
    assert rows(into, "SELECT count(*) FROM sources") == [(2,)]


def test_a_later_snapshot(pair: Pair, into: Path) -> None:
    """A profile that has changed adds a snapshot, under the name that it has already."""
    profile, _ = pair(CLEAN)
    import_sources([profile], into)
    studies = profile / "shield-preference-experiments.json"
    whole = json.loads(studies.read_text())
    for entry in whole["experiments"].values():
        entry["lastSeen"] = "2027-01-01T00:00:00Z"
    studies.write_text(json.dumps(whole))
    import_sources([profile], into)
    query = "SELECT profile, number, snapshot FROM profiles ORDER BY number"
    (first, *one), (second, *two) = rows(into, query)
    assert (first, second) == ("profile 0", "profile 0")
    assert one < two
    assert rows(into, "SELECT DISTINCT profile FROM pings") == [("profile 0",)]
    assert rows(into, "SELECT DISTINCT number FROM records ORDER BY 1") == [(0,), (1,)]


def test_two_profiles(pair: Pair, into: Path) -> None:
    """Two profiles that share nothing have two names."""
    (one, _), (two, _) = pair(CLEAN), pair(BROKEN)
    import_sources([one, two], into)
    query = "SELECT profile, count(*) > 0 FROM pings GROUP BY profile ORDER BY profile"
    assert rows(into, query) == [("profile 0", 1), ("profile 1", 1)]


def test_a_store_of_stores(pair: Pair, into: Path, tmp_path: Path) -> None:
    """Our own stores are sources too: two of them, one inside the other, are what the other is."""
    import_sources(pair(CLEAN), into)
    other = tmp_path / "other.db"
    import_sources([*pair(BROKEN), into], other)
    again = tmp_path / "again.db"
    import_sources([other, into], again)
    import_sources([other], again)
    for name, table in content(other).items():
        kept = [row[:-2] for row in table]
        assert kept == [row[:-2] for row in content(again)[name]]


def test_more_messages_than_are_looked_up_at_once(
    pair: Pair, into: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How many are taken at once makes no difference."""
    sources = pair(BROKEN)
    import_sources(sources, tmp_path / "at once.db")
    monkeypatch.setattr(own_content, "AT_ONCE", 3)
    import_sources(sources, into)
    assert content(into) == content(tmp_path / "at once.db")


def test_repaired(pair: Pair, into: Path) -> None:
    """What could not be read at first, and could later, no longer counts."""
    _, received = pair(BROKEN)
    good = received.read_bytes()
    received.write_bytes(good + b"what is this?\n")
    import_sources([received], into)
    ((noted,),) = rows(into, "SELECT unreadable FROM sources")
    assert json.loads(str(noted)) == [
        ["received.ndjson:27", "is not JSON (line 1, column 1)"],
    ]
    received.write_bytes(good)
    import_sources([received], into)
    assert rows(into, "SELECT unreadable FROM sources") == [("[]",)]
