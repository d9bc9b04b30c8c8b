"""Our own store: one SQLite file of many sources, as `auditor import` and `record` make it.

It is read from a copy, with the write-ahead log beside it: what was written last may lie there
alone, and evidence is never altered.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.stores.files import Source
from auditor.stores.intake import Intake
from auditor.stores.own.columns import read_tables
from auditor.stores.own.schema import (
    StoreError,
    connected,
    is_ours,
    is_present,
    migrate,
    readable,
)
from auditor.stores.own.sources import recorded_by, unreadable_in
from auditor.stores.packed import UnreadableError
from auditor.stores.places import stands
from auditor.stores.tables import PER_STORE, TABLES

if TYPE_CHECKING:
    import pyarrow as pa

KIND = "auditor-store"
LOOKS_LIKE = "a file that `auditor import` or `auditor record` has made"
RECORDS = frozenset({*TABLES, "switches"})

_PARTS = ("", "-wal", "-journal")
"""A SQLite database, and what SQLite may have left beside it."""

_ATTEMPTS = 5


def recognises(path: Path) -> bool:
    """Whether the path is a store of ours: it says so in its first bytes."""
    return path.is_file() and is_ours(path)


def read(source: Source, store: int, into: Intake) -> frozenset[str]:
    """Take in the whole store, or nothing of it. What its sources could not give is named again."""
    with (
        into.reading(store, source.name(source.root)),
        tempfile.TemporaryDirectory(prefix="auditor-") as folder,
    ):
        copy = _copied(source, Path(folder))
        parts = [part for part in _PARTS if copy.with_name(copy.name + part).exists()]
        with _whole(), ThreadPoolExecutor(1) as other:
            digested = other.submit(_digest, source, copy, parts)
            if len(parts) > 1 or not _is_present(copy):
                digested.result()  # first: its log is folded in, its schema raised
                with connected(copy) as database:
                    migrate(database)
            with readable(copy) as connection:
                _refuse_stand_ins(connection)
                recorded = recorded_by(connection)
                unreadable = [*unreadable_in(connection)]
            tables = read_tables(copy, store)
            digested.result()
        into.take_tables(store, {name: _named(table, store) for name, table in tables.items()})
        for part in unreadable:
            into.refuse(store, part.path, part.reason)
        return recorded
    return frozenset()


def _copied(source: Source, folder: Path) -> Path:
    """A copy of the store as it was at one moment.

    A writer may be at work: it adds to the log, of which a copy cut short is still whole, and folds
    the log into the file now and then, which shows in the file's time.
    """
    path = source.root
    for _ in range(_ATTEMPTS):
        before = path.stat()
        for part in _PARTS:
            _copy(path.with_name(path.name + part), folder)
        after = path.stat()
        if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size):
            return folder / path.name
    message = "is being written to"
    raise UnreadableError(message)


def _copy(path: Path, folder: Path) -> None:
    try:
        (folder / path.name).unlink(missing_ok=True)
        if stands(path):
            shutil.copyfile(path, folder / path.name)
    except OSError as error:
        message = f"cannot be copied ({error.strerror or type(error).__name__})"
        raise UnreadableError(message) from None


def _digest(source: Source, copy: Path, parts: Iterable[str]) -> None:
    """Digest a copy; another thread reads it meanwhile."""
    for part in parts:
        source.digest_of(copy.with_name(copy.name + part), source.root.with_name(copy.name + part))


def _is_present(copy: Path) -> bool:
    with readable(copy) as connection:
        return is_present(connection)


@contextmanager
def _whole() -> Iterator[None]:
    """Whatever a damaged store makes its readers raise is told in one clause."""
    import duckdb
    import pyarrow as pa
    from adbc_driver_sqlite import dbapi

    try:
        yield
    except StoreError as error:
        raise UnreadableError(str(error)) from None
    except (
        *(sqlite3.Error, sqlite3.Warning, dbapi.Error, duckdb.Error, pa.ArrowException),
        *(ValueError, TypeError, OSError),
    ):
        message = "is a damaged store of auditor's own"
        raise UnreadableError(message) from None


def _refuse_stand_ins(connection: sqlite3.Connection) -> None:
    """Raise when a view stands in the place of a table: it could make rows without end."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'"
    if {*TABLES, "sources"} - {name for (name,) in connection.execute(query)}:
        message = "lacks tables of auditor's own"
        raise StoreError(message)


def _named(table: "pa.Table", store: int) -> "pa.Table":
    """The table with profiles, and the numbers of their snapshots, told apart in an audit."""
    import pyarrow.compute as pc

    made: dict[str, Callable[[pa.ChunkedArray], pa.ChunkedArray]] = {
        "profile": lambda names: pc.replace_substring(names, "profile ", f"profile {store}."),
        "number": lambda numbers: pc.add(numbers, store * PER_STORE),
    }
    for name in made.keys() & set(table.column_names):
        table = table.set_column(table.column_names.index(name), name, made[name](table[name]))
    return table
