"""The findings database: one SQLite file to which every run adds its report, redacted as it is.

A run that is appended again is known by the digest of its report. Nothing in a row tells when an
audit was run: runs are numbered in the order in which they came.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.findings.rows import add_run, highest, texts_since
from auditor.findings.schema import KNOWN, kind_of, migrate
from auditor.renderers import render
from auditor.report import Report
from auditor.stores.own.schema import connected, writing

if TYPE_CHECKING:
    from sqlite_utils import Database

SUFFIX = ".db"


class FindingsError(Exception):
    """A file is no findings database that can be used: one clause, without any of its content."""


def refuse(path: Path) -> None:
    """Raise FindingsError when something that is no findings database lies at the path."""
    if not path.exists():
        return
    with _opened(path) as database:
        kind, version = kind_of(database)
    if kind == "store":
        message = "is a store of pings; evidence is never altered"
        raise FindingsError(message)
    if kind == "other":
        message = "is no findings database"
        raise FindingsError(message)
    if version > KNOWN:
        message = f"was written by a newer auditor (schema {version}; this one knows {KNOWN})"
        raise FindingsError(message)


def append(path: Path, report: Report, approve: Callable[[bytes], None] = lambda _: None) -> None:
    """Add the report as one run, whole or not at all; one that is there already is not added.

    `approve` is given every text of the run before it is kept, and raises to have none kept.
    Raises FindingsError.
    """
    refuse(path)
    made = not path.exists()
    try:
        with _opened(path) as database, writing(database):
            migrate(database)
            digest = digest_of(report)
            if not database.execute("SELECT 1 FROM runs WHERE digest = ?", [digest]).fetchall():
                known = highest(database)
                add_run(database, report, digest)
                approve(texts_since(database, known))
    except BaseException:
        if made:
            path.unlink(missing_ok=True)
        raise


def digest_of(report: Report) -> str:
    """`sha256:…` over the report's JSON, by which a run is known."""
    return f"sha256:{hashlib.sha256(render(report, 'json')).hexdigest()}"


@contextmanager
def _opened(path: Path) -> Iterator["Database"]:
    """The file as a database, its foreign keys enforced."""
    try:
        with connected(path) as database:
            database.execute("PRAGMA foreign_keys = ON")
            yield database
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:
            code = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").lower()
            message = f"cannot be written ({code or type(error).__name__})"
        else:
            message = "is no findings database"
        raise FindingsError(message) from None
