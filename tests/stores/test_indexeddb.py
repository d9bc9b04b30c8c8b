"""Normandy's databases are read as the browser left them, and left as they were."""

import shutil
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import cramjam
import pytest

from auditor.stores import Stores
from auditor.stores.files import Source
from auditor.stores.indexeddb import DATABASES, FOLDER, rows
from auditor.stores.packed import UnreadableError

Rows = list[dict[str, Any]]
ADDON_STUDIES = "3561288849sdhlie.sqlite"
STORES = {"preference-rollouts", "addon-studies", "addon-rollouts"}
TOGGLED = "firefox-115-upload-off/snapshots/02-toggle-plus-0.1s"
ID = "271df616-30dc-49ed-b8b0-2505b95bf5de"


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<II", 0x80000000 | len(data), 0xFFFF0004) + data + bytes(-len(data) % 8)


def _clone(*members: bytes) -> bytes:
    start, end = struct.pack("<IIII", 0, 0xFFF10000, 0, 0xFFFF0008), 0xFFFF0013
    return start + b"".join(members) + struct.pack("<II", 0, end)


def _packed(data: bytes) -> bytes:
    return bytes(cramjam.snappy.compress_raw(data))


GOOD = _packed(_clone(_text("slug"), _text("bug-1"), _text("enrollmentId"), _text(ID)))
SCHEMA = """
    CREATE TABLE object_store (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE object_data (object_store_id INTEGER, key BLOB, data BLOB);
    INSERT INTO object_store VALUES (1, 'addon-studies'), (2, 'others');
"""


def _database(path: Path, *records: object, script: str = SCHEMA) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(script)
        for record in records:
            connection.execute("INSERT INTO object_data VALUES (1, ?, ?)", (b"key", record))
    return path


def _read(path: Path) -> list[dict[str | int, object]]:
    return [{**row} for row in rows(Source(path.parent), path, "addon-studies")]


def _refusal(path: Path) -> str:
    with pytest.raises(UnreadableError) as refused:
        _read(path)
    return str(refused.value)


def _of_databases(table: Rows) -> Rows:
    return [row for row in table if row["store"] in STORES]


def test_records_of_one_store(tmp_path: Path) -> None:
    """The records of the store that is asked for are read, and of no other."""
    path = _database(tmp_path / "db.sqlite", GOOD, script=SCHEMA)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO object_data VALUES (2, 9, x'00')")
    assert _read(path) == [{"slug": "bug-1", "enrollmentId": ID}]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        pytest.param(GOOD[:-3], "holds a record that does not decompress", id="cut short"),
        pytest.param(b"", "holds a record that does not decompress", id="empty"),
        pytest.param(
            b"\xff\xff\xff\xff\x0f" + GOOD,
            "holds a record that is no value, or larger than it may be",
            id="a bomb of four gigabytes",
        ),
        pytest.param(
            _packed(bytes(9 << 20)),
            "holds a record that is no value, or larger than it may be",
            id="a bomb of nine megabytes",
        ),
        pytest.param(
            7, "holds a record that is no value, or larger than it may be", id="kept elsewhere"
        ),
        pytest.param(
            _packed(struct.pack("<II", 0, 0xFFFF0011)),
            "holds a value of an unknown kind (tag 0xffff0011)",
            id="a map",
        ),
        pytest.param(_packed(GOOD), "holds a record that is not an object", id="packed twice"),
        pytest.param(_packed(_text("x")), "holds a record that is not an object", id="a text"),
    ],
)
def test_broken_record(tmp_path: Path, record: object, reason: str) -> None:
    """A record that cannot be read makes its database unreadable, and the reason says why."""
    assert reason == _refusal(_database(tmp_path / "db.sqlite", record))


def test_records_before_a_broken_one(tmp_path: Path) -> None:
    """What stands before a broken record is given before the database is given up."""
    path = _database(tmp_path / "db.sqlite", GOOD, GOOD[:-3])
    reading = rows(Source(tmp_path), path, "addon-studies")
    assert next(reading) == {"slug": "bug-1", "enrollmentId": ID}


WITHOUT_END = """
    CREATE TABLE object_store (id INTEGER PRIMARY KEY, name TEXT);
    INSERT INTO object_store VALUES (1, 'addon-studies');
    CREATE VIEW object_data AS WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n FROM more)
    SELECT 1 AS object_store_id, n AS key, x'00' AS data FROM more;
"""


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("CREATE TABLE places (id INTEGER)", id="another application's"),
        pytest.param(WITHOUT_END, id="with a view that makes rows without end"),
    ],
)
def test_no_indexeddb(tmp_path: Path, script: str) -> None:
    """A database of SQLite that is no IndexedDB is told apart."""
    path = _database(tmp_path / "db.sqlite", script=script)
    assert _refusal(path) == "is not a whole SQLite database of IndexedDB"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda data: data[:20_000], id="cut short"),
        pytest.param(lambda data: data[:100] + b"\xff" * len(data[100:]), id="overwritten"),
        pytest.param(lambda data: ID.encode() + data, id="not SQLite"),
        pytest.param(
            lambda data: data[:2304] + b"\x80" + data[2305:], id="with a name that is no UTF-8"
        ),
    ],
)
def test_corrupt_database(clean: Path, spoil: Callable[[bytes], bytes]) -> None:
    """A damaged database is told as one, and nothing of it is shown."""
    path = clean / FOLDER / ADDON_STUDIES
    path.write_bytes(spoil(path.read_bytes()))
    assert _refusal(path) == "is not a whole SQLite database of IndexedDB"


def test_log_holds_what_was_written_last(
    recordings: Path, read: Callable[..., Stores], rows: Callable[..., Rows]
) -> None:
    """A tenth of a second after opting out, the log holds the filler for every database."""
    records = _of_databases(rows(read(recordings / TOGGLED), "records"))
    found = {(row["store"], row["filler"]) for row in records}
    assert {(store, True) for store in STORES} == found


def test_database_without_its_log(
    copied: Callable[[str], Path], read: Callable[..., Stores], rows: Callable[..., Rows]
) -> None:
    """The same databases copied without their logs still show the IDs."""
    profile = copied(TOGGLED)
    for log in profile.rglob("*-wal"):
        log.unlink()
    records = _of_databases(rows(read(profile), "records"))
    found = {(row["store"], row["filler"]) for row in records}
    assert {(store, False) for store in STORES} == found


@pytest.mark.parametrize(
    "sign", ["lock", "datareporting/aborted-session-ping", f"{FOLDER}/{ADDON_STUDIES}-shm"]
)
def test_log_that_was_not_copied(
    copied: Callable[[str], Path], read: Callable[..., Stores], rows: Callable[..., Rows], sign: str
) -> None:
    """A database whose browser was running has had a log: without it, its records are stale."""
    profile = copied(TOGGLED)
    for log in profile.rglob("*-wal"):
        log.unlink()
    (profile / sign).symlink_to("127.0.1.1:+4711")
    records = _of_databases(rows(read(profile), "records"))
    assert "addon-studies" in {row["store"] for row in records if row["is_stale"]}


def test_no_log_and_no_other_sign(
    copied: Callable[[str], Path], read: Callable[..., Stores], rows: Callable[..., Rows]
) -> None:
    """A copy from the moment at which upload is turned off is of a browser that was running."""
    profile = copied(TOGGLED)
    for log in profile.rglob("*-wal"):
        log.unlink()
    records = _of_databases(rows(read(profile), "records"))
    assert "addon-studies" in {row["store"] for row in records if row["is_stale"]}


@pytest.mark.parametrize("part", [TOGGLED, "firefox-115-lifecycle/profile"])
def test_databases_with_their_logs(
    recordings: Path, read: Callable[..., Stores], rows: Callable[..., Rows], part: str
) -> None:
    """Neither the databases of a closed browser nor those copied with their logs are stale."""
    assert {False} == {row["is_stale"] for row in rows(read(recordings / part), "records")}


@pytest.mark.parametrize("part", [TOGGLED, "firefox-115-lifecycle/profile"])
def test_evidence_is_left_as_it_was(
    copied: Callable[[str], Path],
    read: Callable[..., Stores],
    digests: Callable[[Path], dict[str, str]],
    part: str,
) -> None:
    """No file is altered by reading, and none appears beside it."""
    profile = copied(part)
    before = digests(profile)
    read(profile)
    assert before == digests(profile)


def test_evidence_that_may_not_be_written(
    copied: Callable[[str], Path], read: Callable[..., Stores], rows: Callable[..., Rows]
) -> None:
    """Databases and logs that may only be read are read all the same."""
    profile = copied(TOGGLED)
    for path in (profile / FOLDER, *(profile / FOLDER).iterdir()):
        path.chmod(0o555)
    records = _of_databases(rows(read(profile), "records"))
    (profile / FOLDER).chmod(0o755)
    assert {row["store"] for row in records} == STORES


def test_spoilt_log(
    copied: Callable[[str], Path], read: Callable[..., Stores], rows: Callable[..., Rows]
) -> None:
    """Of a log that SQLite does not take, nothing is used, as in the browser."""
    profile = copied(TOGGLED)
    for log in profile.rglob("*-wal"):
        log.write_bytes(ID.encode() * 200)
    records = _of_databases(rows(read(profile), "records"))
    assert {row["filler"] for row in records} == {False}


def test_names_of_databases(recordings: Path) -> None:
    """Every recorded profile has the three databases under the names that are known."""
    profiles = [path.parent for path in recordings.glob("*/profile/prefs.js")]
    found = [{file.name for file in (path / FOLDER).glob("*.sqlite")} for path in profiles]
    assert [set(DATABASES)] * len(profiles) == found


def test_other_databases_are_passed_over(
    clean: Path, read: Callable[..., Stores], unreadable: Callable[[Stores], dict[str, str]]
) -> None:
    """A database that is not Normandy's is neither read nor missed."""
    shutil.copy(clean / "prefs.js", clean / FOLDER / "1657114595AmcateirvtiSty.sqlite")
    assert unreadable(read(clean)) == {}
