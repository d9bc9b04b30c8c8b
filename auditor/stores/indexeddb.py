"""Normandy's three IndexedDB databases, read from a copy so that the evidence stays as it is.

Names and files: facts checked on recorded profiles; a file's name is a hash of the database's
(dom/indexedDB/ActorsParent.cpp). A row is snappy around a structured clone. What Firefox wrote
last may lie in the `-wal` file alone, so that is always copied too.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from auditor.stores import structured_clone
from auditor.stores.files import Source
from auditor.stores.packed import LARGEST_PING, UnreadableError
from auditor.stores.places import stands
from auditor.stores.plain import CANARY

FOLDER = Path("storage/permanent/chrome/idb")
DATABASES = {
    "1451318868ntouromlalnodry--epcr.sqlite": ("preference-rollouts", "preference_rollout"),
    "3561288849sdhlie.sqlite": ("addon-studies", "addon_study"),
    "2823318777ntouromlalnodry--naod.sqlite": ("addon-rollouts", "addon_rollout"),
}
"""By file name: the object store, and the kind of change that it holds."""

_IN_USE = (Path("lock"), Path("datareporting/aborted-session-ping"))
_ROWS = """
    SELECT object_data.data AS data FROM object_data
    JOIN object_store ON object_store.id = object_data.object_store_id
    WHERE object_store.name = ? ORDER BY object_data.key
"""


def is_stale(root: Path, path: Path) -> bool:
    """Whether a database of the profile in `root` was copied while in use, but its log was not.

    The browser takes the log away when it closes. That it was running shows in the log of another
    database, in SQLite's shared memory, in the profile's lock, or in the ping that it keeps for the
    case that its session is cut short.
    """
    if stands(_log(path)) or not _keeps_a_log(path):
        return False
    others = (_log(path.with_name(name)) for name in DATABASES)
    in_use = (*others, path.with_name(path.name + "-shm"), *(root / sign for sign in _IN_USE))
    return any(sign.is_symlink() or sign.exists() for sign in in_use) or _is_turning_off(root)


def _is_turning_off(root: Path) -> bool:
    """Whether a profile was copied in the half second in which upload is turned off.

    The canary client id is in `state.json` then, and not yet among the preferences: measured on
    Firefox 115, in which the databases' change is in their logs alone for longer than that.
    """
    try:
        state = (root / "datareporting" / "state.json").read_bytes()
        preferences = (root / "prefs.js").read_bytes()
    except OSError:  # who reads these tells of it
        return False
    return CANARY.encode() in state and CANARY.encode() not in preferences


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _keeps_a_log(path: Path) -> bool:
    """Whether the database is in WAL mode: https://sqlite.org/fileformat2.html, 1.3.3."""
    try:
        with path.open("rb") as file:
            return file.read(20)[18:] == b"\2\2"
    except OSError:  # who reads its records tells of this
        return False


def rows(source: Source, path: Path, object_store: str) -> Iterator[dict[str | int, object]]:
    """The records of one object store. Raises UnreadableError."""
    with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
        copy = _copy(source, path, Path(folder))
        try:
            with closing(sqlite3.connect(copy)) as connection:
                found = _query(connection, object_store)
        except (sqlite3.Error, sqlite3.Warning, UnicodeDecodeError):
            message = "is not a whole SQLite database of IndexedDB"
            raise UnreadableError(message) from None
    for row in found:
        yield _record(row["data"])


def _query(connection: sqlite3.Connection, object_store: str) -> list[dict[str, object]]:
    from sqlite_utils import Database

    database = Database(connection)
    if database.view_names():
        # A view may make rows without end. The browser's databases have none.
        message = "has views"
        raise sqlite3.DatabaseError(message)
    return list(database.query(_ROWS, [object_store]))


def _copy(source: Source, path: Path, folder: Path) -> Path:
    for part in (path, _log(path)):
        if stands(part):
            (folder / part.name).write_bytes(source.read(part))
    return folder / path.name


def _record(data: object) -> dict[str | int, object]:
    import cramjam

    try:
        if not isinstance(data, bytes) or cramjam.snappy.decompress_raw_len(data) > LARGEST_PING:
            message = "holds a record that is no value, or larger than it may be"
            raise UnreadableError(message)
        value = structured_clone.load(bytes(cramjam.snappy.decompress_raw(data)))
    except cramjam.DecompressionError:
        message = "holds a record that does not decompress"
        raise UnreadableError(message) from None
    if not isinstance(value, dict):
        message = "holds a record that is not an object"
        raise UnreadableError(message)
    return dict(value)
