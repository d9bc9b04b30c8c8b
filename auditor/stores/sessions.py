"""The sessions of DuckDB's that are open, so that whoever interrupts need not wait for a query.

Python hears of a signal between two of its own steps, and a query is one step, however long.
"""

import shutil
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import duckdb


class _Open(NamedTuple):
    session: "weakref.ref[duckdb.DuckDBPyConnection]"
    folder: Path | None


_open: list[_Open] = []


def known(
    session: "duckdb.DuckDBPyConnection", folder: Path | None = None
) -> "duckdb.DuckDBPyConnection":
    """Have the session's queries end when an interruption comes. `folder` is where it spills."""
    _open.append(_Open(weakref.ref(session), folder))
    return session


def interrupt() -> None:
    """End the query that is under way, from another thread. It raises an error where it ran."""
    import duckdb

    for each in [*_open]:
        session = each.session()
        if session is not None:
            with suppress(duckdb.Error):
                session.interrupt()


def remove_spilt() -> None:
    """Remove what sessions have spilt: for a process that ends without closing them."""
    for folder in {each.folder for each in [*_open] if each.folder is not None}:
        shutil.rmtree(folder, ignore_errors=True)
