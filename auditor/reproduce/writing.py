"""The reproducer as a file: a store of auditor's own that holds a few rows, and nothing else."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from auditor.leaks import Leaks
from auditor.reproduce.rows import Row, as_messages, values_in
from auditor.reproduce.secrecy import NOBODYS
from auditor.stores.own.content import Addition
from auditor.stores.own.schema import opened, writing
from auditor.stores.own.sources import Origin, note_origin
from auditor.stores.tables import TABLES

KIND = "reproducer"
"""What the table `sources` says of it: nothing of where the rows are from."""


def write(path: Path, rows: Sequence[Row], rule: str) -> None:
    """Make a new store of the rows. Raises OSError, sqlite3.Error."""
    pings, events, records = (len(values_in(rows, name)) for name in ("pings", "events", "records"))
    recorded = frozenset({*TABLES, "switches"})
    told = f"reproducer of {rule}"
    origin = Origin(told, KIND, KIND, None, pings, events, records, recorded)
    with opened(path) as database, writing(database):
        addition = Addition(database, note_origin(database, origin))
        addition.add(
            as_messages(rows),
            values_in(rows, "profiles"),
            values_in(rows, "records"),
            values_in(rows, "recipes"),
        )


def counts(path: Path) -> dict[str, int]:
    """How many rows each base table of the store has, without those that have none."""
    with closing(sqlite3.connect(path)) as store:
        every = ((name, store.execute(f"SELECT count(*) FROM {name}")) for name in TABLES)  # noqa: S608 - our own names
        return {name: count for name, found in every for (count,) in found if count}


def refuse_secrets(path: Path, leaks: Leaks) -> None:
    """Raise LeakError when an identifier or a preference value of the sources is in the file.

    The canaries are left aside: an enrollment ID that is one is what some finding is about.
    """
    with closing(sqlite3.connect(path)) as store:
        own = "\n".join(str(sql) for (sql,) in store.execute("SELECT sql FROM sqlite_schema"))
    data = path.read_bytes()
    for text in NOBODYS:
        data = data.replace(text.encode(), b"")
    leaks.refuse(data, own.encode())
