"""An engine into which the files of one export are loaded, and which gives the base tables of them.

Its queries are in `queries/`. What the engine says of a file that it cannot read may quote it, so
that only the kind of the failure is told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from auditor.stores import apart, sessions
from auditor.stores.packed import UnreadableError
from auditor.stores.ping_events import UPTAKE, annotation_of
from auditor.stores.plain import CANARY, LATEST
from auditor.stores.tables import as_arrow
from auditor.stores.uptake_histogram import SOURCES, STATUSES, UNREADABLE

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MOST_REFUSED = 1_000
"""Rows that are no ping, and are named; a file that begins with more is something else."""

_LONGEST = 1 << 44
"""No session is longer, in milliseconds."""

ROWS = 500_000
"""Rows of base tables that are held outside of an engine."""

_STAGES = {
    "exploded": "TABLE",
    "entries": "VIEW",
    "placed": "TABLE",
    "experiments": "TABLE",
    "buckets": "TABLE",
}
_TABLES = ("pings", "annotations", "uptake", "scalars")


class Kind(NamedTuple):
    """What an annotation's type stands for."""

    name: str
    kind: str | None


class Bucket(NamedTuple):
    """The status that a bucket of an uptake histogram stands for, by its place."""

    place: int
    status: str


class File(NamedTuple):
    """A file of the export, by the number that its rows have."""

    file: int
    name: str


class Refused(NamedTuple):
    """A row of a file that is no ping."""

    file: int
    number: int
    reason: str


@contextmanager
def opened(folder: Path, store: int) -> Iterator["duckdb.DuckDBPyConnection"]:
    """An engine that spills into a folder, with empty tables for the rows of an export."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "memory_limit": "1GB",
        "temp_directory": (folder / "spilt").as_posix(),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    known: dict[str, str | int] = {
        "store": f"{store:04}",
        "canary": CANARY,
        "uptake": UPTAKE,
        "sources": SOURCES,
        "no_status": UNREADABLE,
        "latest": LATEST,
        "longest": _LONGEST,
        "most_refused": MOST_REFUSED + 1,
    }
    with sessions.known(duckdb.connect(config=settings)) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        engine.execute("SET enable_progress_bar = FALSE")
        for name, value in known.items():
            set_variable(engine, name, value)
        apart.teach(engine)
        engine.execute(query("schema"))
        yield engine


def set_variable(engine: "duckdb.DuckDBPyConnection", name: str, value: str | int) -> None:
    """Give the queries a value of our own."""
    engine.execute(f"SET VARIABLE {name} = ?", [value])


def query(name: str) -> str:
    """The query of that name."""
    folder = files("auditor.stores.warehouse").joinpath("queries")
    return folder.joinpath(f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def whole(engine: "duckdb.DuckDBPyConnection") -> Iterator[None]:
    """Load all of a file, or nothing. Raises UnreadableError, which quotes nothing."""
    import duckdb

    engine.begin()
    try:
        yield
    except BaseException as error:
        engine.rollback()
        # The engine's binding raises RuntimeError for names that are no UTF-8.
        if not isinstance(error, duckdb.Error | RuntimeError | UnicodeError):
            raise
        message = f"cannot be read to its end ({type(error).__name__})"
        raise UnreadableError(message) from None
    engine.commit()


def settle(engine: "duckdb.DuckDBPyConnection", loaded: list[File]) -> None:
    """Put together what was loaded: events in their places, and the kinds of change."""
    engine.register("files", as_arrow(File, loaded))
    engine.register("statuses", as_arrow(Bucket, enumerate(STATUSES)))
    for stage, what in _STAGES.items():
        engine.execute(f"CREATE TEMP {what} {stage} AS {query(stage)}")
    names = engine.execute("SELECT DISTINCT type FROM experiments WHERE type IS NOT NULL")
    rows = [Kind(name, annotation_of("", "", {"type": name}).kind) for (name,) in names.fetchall()]
    engine.register("annotated", as_arrow(Kind, rows))


def tables_of(engine: "duckdb.DuckDBPyConnection") -> "Iterator[dict[str, pa.Table]]":
    """The base tables, so many rows at once."""
    import pyarrow as pa

    queries = {name: query(name) for name in _TABLES} | {"events": apart.query("events")}
    for name, text in queries.items():
        for batch in engine.sql(text).to_arrow_reader(ROWS):
            yield {name: pa.Table.from_batches([batch])}


def recorded_by(engine: "duckdb.DuckDBPyConnection") -> frozenset[str]:
    """Which base tables the export records."""
    return frozenset(str(name) for (name,) in engine.execute(query("recorded")).fetchall())


def refused_by(engine: "duckdb.DuckDBPyConnection", most: int) -> list[Refused]:
    """The first rows that are no ping."""
    return [Refused(*row) for row in engine.execute(query("faults")).fetchmany(most)]
