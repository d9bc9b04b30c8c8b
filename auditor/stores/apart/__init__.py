"""Events as stores list them, taken apart into the columns of the base tables.

Made into Python objects, a value costs more than all else that is done with it. So what a reader
of pings has listed stays JSON until a small engine takes it apart, and many pings' at once. The
query `events.sql` says what the columns of an event are, for pings and for the warehouse alike.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from auditor.history import FILLER
from auditor.stores.plain import SLUG_BYTES
from auditor.stores.tables import as_arrow

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

FROM_EXTRAS = {
    "reason": ("reason",),
    "original_reason": ("originalReason",),
    "branch": ("branch",),
    "experiment_type": ("experimentType",),
    "preference_branch": ("prefBranch", "preferenceBranch"),
    "preference": ("preference",),
    "preference_name": ("preferenceName",),
    "did_reset_value": ("didResetValue",),
    "previous_state": ("previousState",),
    "addon_id": ("addonId",),
    "addon_version": ("addonVersion",),
    "caller": ("caller",),
}
"""Columns of `events` that repeat an extra as it is: the first of these that there is."""

_ONE_AT_A_TIME = Lock()
_WAIT = 0.0002
"""Seconds for which a thread keeps the interpreter that the engine's thread needs."""


class Listed(NamedTuple):
    """What one process of a message lists: Normandy's events and uptake reports.

    `entries` is a list in JSON, with an entry for every event of the process. An entry is `[offset,
    category, method, object, value, extras]`, of which all but the offset are texts that a column
    can hold, or null; one that is of no interest is null itself.
    """

    message: str
    process: str
    entries: str


def taken_apart(listed: Iterable[Listed]) -> "dict[str, pa.Table]":
    """The base tables `events` and `uptake`."""
    import duckdb

    given = as_arrow(Listed, listed)
    with _ONE_AT_A_TIME, _short_waits():
        engine = _engine()
        engine.register("listed", given)
        try:
            engine.execute(f"CREATE OR REPLACE TEMP TABLE entries AS {query('entries')}")
            return {name: engine.sql(query(name)).to_arrow_table() for name in ("events", "uptake")}
        except duckdb.Error as error:
            # What the engine says may quote what it was given.
            message = f"events could not be taken apart ({type(error).__name__})"
            raise RuntimeError(message) from None
        finally:
            engine.execute("TRUNCATE entries")
            engine.unregister("listed")


@contextmanager
def _short_waits() -> Iterator[None]:
    """Do not let a thread that needs the interpreter ten times wait 5 ms for another each time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_WAIT)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def teach(engine: "duckdb.DuckDBPyConnection") -> None:
    """Teach an engine the words in which `events.sql` is written."""
    for name, value in (("filler", FILLER), ("slug_bytes", SLUG_BYTES)):
        engine.execute(f"SET VARIABLE {name} = ?", [value])
    engine.execute(query("words"))


@cache
def query(name: str) -> str:
    """The query of that name."""
    text = files("auditor.stores.apart").joinpath(f"{name}.sql").read_text(encoding="utf-8")
    repeated = (f"{_first(extras)} AS {column}" for column, extras in FROM_EXTRAS.items())
    return text.replace("{from_extras}", ",\n    ".join(repeated))


def _first(extras: Iterable[str]) -> str:
    """The first of these extras that there is."""
    found = ", ".join(f"extra(named, told, '{extra}')" for extra in extras)
    return f"coalesce({found})"


@cache
def _engine() -> "duckdb.DuckDBPyConnection":
    """An engine for the whole run: to open one takes as long as to read a hundred pings."""
    import duckdb

    engine = duckdb.connect(config={"threads": 1})
    engine.execute("SET enable_progress_bar = FALSE")
    teach(engine)
    engine.register("listed", as_arrow(Listed, ()))
    engine.execute(f"CREATE TEMP TABLE entries AS {query('entries')}")
    engine.execute(f"CREATE TEMP VIEW placed AS {query('placed')}")
    return engine
