"""The schema of the findings database: its tables as data, its views as files, and its versions."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from auditor.stores.own.schema import APPLICATION_ID as STORE_ID

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x41756446
"""`AudF`, where SQLite keeps what a file is."""

TABLES: dict[str, dict[str, type]] = {
    "runs": {
        "id": int, "digest": str, "auditor": str, "rules_digest": str, "contract": str,
        "contract_digest": str, "versions": str, "options": str, "today": str, "baseline": str,
        "waivers": str,
    },
    "stores": {
        "id": int, "run": int, "number": int, "path": str, "kind": str, "digest": str,
        "pings": int, "events": int, "records": int, "first": str, "last": str,
    },
    "inputs": {"id": int, "store": int, "path": str, "digest": str},
    "unreadable": {"id": int, "store": int, "path": str, "reason": str},
    "rules": {
        "id": int, "name": str, "promise": str, "clause": str, "section": str,
        "explanation": str, "mend": str, "severity": str, "waivable": int,
    },
    "verdicts": {
        "id": int, "run": int, "rule": int, "verdict": str, "reason": str, "detail": str,
        "subjects": int, "broken": int,
    },
    "waivers": {"id": int, "justification": str, "owner": str, "approver": str, "expires": str},
    "findings": {
        "id": int, "verdict": int, "fingerprint": str, "severity": str, "message": str,
        "disposition": str, "waiver": int, "change": str,
    },
    "evidence": {
        "id": int, "finding": int, "store": int, "number": int, "ping": str, "source": str,
        "position": int, "at": str, "event": str, "person": str, "note": str, "breaks": int,
    },
    "witnesses": {"id": int, "verdict": int, "message": str, "evidence": str},
    "gate_findings": {
        "id": int, "run": int, "kind": str, "severity": str, "rule": str, "place": str,
        "message": str,
    },
    "story": {"id": int, "finding": int, "at": str, "event": str, "person": str},
    "switches": {
        "id": int, "finding": int, "person": str, "upload": str, "at": str, "latest": str,
    },
}  # fmt: skip
"""Each after those that it names. A column that is called after a table is its foreign key."""

KEYS = {
    "run": "runs", "store": "stores", "rule": "rules", "verdict": "verdicts",
    "finding": "findings", "waiver": "waivers",
}  # fmt: skip
"""The foreign keys: in the table that has the column, and to which other."""

SEARCHED = {
    "rules": ("promise", "clause", "explanation", "mend"),
    "findings": ("message",),
    "evidence": ("event", "note", "source"),
}
"""The columns that can be searched for words."""

_NULLABLE = {"first", "last", "reason", "detail", "ping", "position", "at", "person"}
_NULLABLE_IN = {
    "evidence": {"store"},
    "findings": {"waiver", "change"},
    "runs": {"today", "baseline", "waivers"},
}
"""A report that was written by hand may name a store that it does not have."""


@cache
def views() -> dict[str, str]:
    """The SQL of every view by name. It begins with a comment that says what one row is."""
    folder = files(__name__.rpartition(".")[0]).joinpath("views")
    found = sorted(folder.iterdir(), key=lambda file: file.name)
    return {file.name.removesuffix(".sql"): file.read_text(encoding="utf-8") for file in found}


def keys_of(table: str) -> list[tuple[str, str, str]]:
    """The foreign keys of a table: `verdict` of a finding, but not of a verdict itself."""
    columns = TABLES[table]
    return [
        (column, other, "id")
        for column, other in KEYS.items()
        if columns.get(column) is int and other != table
    ]


def kind_of(database: "Database") -> tuple[str, int]:
    """What a file is (`findings`, `store`, `other`, `empty`), and the version of its schema."""
    (marked,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    (made,) = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if not made and not marked:
        return "empty", 0
    return {APPLICATION_ID: "findings", STORE_ID: "store"}.get(marked, "other"), int(version)


def migrate(database: "Database") -> None:
    """Bring a database to the present schema, inside the transaction that is open."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    for step in MIGRATIONS[version:]:
        step(database)
    if version < KNOWN:
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {KNOWN}")


def _create(database: "Database") -> None:
    """From nothing to schema 1."""
    for name, columns in TABLES.items():
        keys = keys_of(name)
        table = database.table(name).create(
            columns,
            pk="id",
            foreign_keys=keys,
            not_null=columns.keys() - _NULLABLE - _NULLABLE_IN.get(name, set()) - {"id"},
            strict=True,
        )
        for column, _, _ in keys:
            table.create_index([column])
    database.table("runs").create_index(["digest"], unique=True)
    database.table("findings").create_index(["fingerprint"])
    for name, searched in SEARCHED.items():
        database.table(name).enable_fts(searched, create_triggers=True)
    for name, sql in views().items():
        database.execute(f"CREATE VIEW {name} AS\n{sql}")


MIGRATIONS: tuple[Callable[["Database"], None], ...] = (_create,)
"""Each takes a database from the schema of its place to the next; none is changed once released."""

KNOWN = len(MIGRATIONS)
"""The version of the present schema."""
