"""The schema of our own store: the base tables in SQLite, and the steps by which it grows.

What differs from the base tables: `message` is a running number, in the order of the import; lists
are JSON; a column of `events` that only repeats one extra is generated from `extras`, so that the
two cannot differ; `identity` tells what is in the store already, and `origin` the source.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, get_args, get_origin, get_type_hints

from auditor.stores.apart import FROM_EXTRAS
from auditor.stores.tables import TABLES

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x41756474
"""`Audt`, where SQLite keeps what a file is (byte 68 of it)."""

PATIENCE = 60.0
"""Seconds for which a writer waits for another one."""

_KEYS = {"pings": "message", "profiles": "number"}
_OF_A_PING = ("events", "annotations", "uptake", "scalars")
_OTHERS: dict[str, dict[str, type]] = {"pings": {"origin": int, "identity": bytes}}
_OTHERS["profiles"] = _OTHERS["pings"]
_SOURCES: dict[str, type] = {
    "id": int, "path": str, "place": str, "kind": str, "digest": str, "pings": int, "events": int,
    "records": int, "recorded": str, "unreadable": str,
}  # fmt: skip


class StoreError(Exception):
    """A file is no store of ours that can be used: one clause, without anything of its content."""


def columns_of(table: str) -> dict[str, type]:
    """The columns of a base table that are kept in SQLite, each as int or str."""
    hints = get_type_hints(TABLES[table])
    stored = {name: hint for name, hint in hints.items() if name not in generated_in(table)}
    return {name: _plain(hint) if name != "message" else int for name, hint in stored.items()}


def key_of(table: str) -> str:
    """The primary key of a base table: a number, in the order of the import."""
    return _KEYS.get(table, "id")


def generated_in(table: str) -> dict[str, tuple[str, ...]]:
    """The columns of a base table that SQLite makes of others, with the extras they repeat."""
    return FROM_EXTRAS if table == "events" else {}


def insertion(table: str, columns: list[str]) -> str:
    """The statement that adds a row."""
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own


@contextmanager
def opened(path: Path) -> Iterator["Database"]:
    """Our own store at that path, made if there is none, ready to be written. Raises StoreError."""
    if not path.exists():
        # Before SQLite opens it: preference values and client ids are for the owner's eyes.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with connected(path) as database:
            if path.stat().st_size and not is_ours(path):
                message = "is not a store of auditor's own"
                raise StoreError(message)
            migrate(database)
            database.enable_wal()
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA foreign_keys = ON")
            yield database
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # the others tell of a statement or the disk
            raise
        message = "is damaged"
        raise StoreError(message) from None


@contextmanager
def connected(path: Path) -> Iterator["Database"]:
    """A connection that any thread may use, one at a time."""
    from sqlite_utils import Database

    connection = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False)
    with closing(connection):
        yield Database(connection, recursive_triggers=False, execute_plugins=False)


@contextmanager
def readable(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that alters nothing."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


@contextmanager
def writing(database: "Database") -> Iterator[None]:
    """One transaction, for which other writers wait: all of it is in the store, or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.rollback()
        raise
    database.commit()


def is_ours(path: Path) -> bool:
    """Whether the file begins as our own stores do."""
    try:
        with path.open("rb") as file:
            head = file.read(72)
    except OSError:
        return False
    return head.startswith(b"SQLite format 3\0") and head[68:] == APPLICATION_ID.to_bytes(4, "big")


def migrate(database: "Database") -> None:
    """Bring a store to the present schema, a step at a time. Raises StoreError if it is newer."""
    known = len(MIGRATIONS)
    while (version := _version(database.conn)) < known:
        # Of two writers that open a new store at once the second finds the step taken.
        with writing(database):
            if _version(database.conn) == version:
                MIGRATIONS[version](database)
                database.execute(f"PRAGMA user_version = {version + 1}")
    if version > known:
        message = f"was written by a newer auditor (schema {version}; this one knows {known})"
        raise StoreError(message)


def is_present(connection: sqlite3.Connection) -> bool:
    """Whether a store has the present schema."""
    return _version(connection) == len(MIGRATIONS)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _create(database: "Database") -> None:
    """From nothing to schema 1."""
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    sources = database.table("sources").create(
        _SOURCES, pk="id", not_null=_SOURCES.keys() - {"id", "kind", "digest"}, strict=True
    )
    sources.create_index(["place"], unique=True)
    for name in ("pings", "profiles", *(table for table in TABLES if table not in _KEYS)):
        _create_table(database, name)
    for name in _OF_A_PING:
        database.table(name).create_index(["message"])
    database.table("pings").create_index(["ping"])


def _create_table(database: "Database", name: str) -> None:
    key, others = key_of(name), _OTHERS.get(name, {})
    links = [("message", "pings", "message")] if name in _OF_A_PING else []
    links += [("number", "profiles", "number")] if name == "records" else []
    links += [("origin", "sources", "id")] if others else []
    kept = columns_of(name) | others
    hints = get_type_hints(TABLES[name])
    table = database.table(name).create(
        kept if key in kept else {key: int} | kept,
        pk=key,
        foreign_keys=links,
        not_null=[column for column in kept if type(None) not in get_args(hints.get(column, int))],
        strict=True,
    )
    if others:
        table.create_index(["identity"], unique=True)
    for column, extras in generated_in(name).items():
        known = ", ".join(f"json_extract(extras, '$.{extra}')" for extra in extras)
        made = f"coalesce({known})" if len(extras) > 1 else known
        database.execute(f"ALTER TABLE {name} ADD COLUMN {column} TEXT AS ({made})")


def _plain(hint: object) -> type:
    """How SQLite keeps what the annotation says."""
    parts = [hint] if get_origin(hint) is list else [*get_args(hint), hint]
    return int if parts[0] in (int, bool) else str


MIGRATIONS: tuple[Callable[["Database"], None], ...] = (_create,)
"""Each takes a store from the schema of its place to the next: a released one is never changed."""
