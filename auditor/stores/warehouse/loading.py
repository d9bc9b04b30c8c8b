"""One file of an export, loaded into an engine in whichever form it is."""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.stores.packed import LARGEST_PING, UnreadableError
from auditor.stores.warehouse import avro
from auditor.stores.warehouse.columns import TABLES, over_json, roots
from auditor.stores.warehouse.looks import first_rows, form_of, is_row, is_zipped, table_of
from auditor.stores.warehouse.parquet import over_parquet
from auditor.stores.warehouse.session import MOST_REFUSED, query, set_variable, whole

if TYPE_CHECKING:
    import duckdb

_LOOKED_AT = 5_000
"""Rows at the beginning of a file, among which so many are looked for."""

_NEEDED = {"flat": ("event_method", "event_object", "event_string_value", "event_map_values")}
"""Columns without which an event would seem to lack what was not exported."""

_REQUESTS = re.compile(r"deletion[_-]request", re.IGNORECASE)
_FILLED = {
    "flat": ("flat_documents", "flat_events", "flat_experiments", "refused", "untimed"),
    "nested": ("documents", "refused", "untimed"),
}


def load(engine: "duckdb.DuckDBPyConnection", path: Path, number: int, link: Path) -> None:
    """Load a file, under a link that no pattern is read into. Raises UnreadableError."""
    form = form_of(path)
    if form is None:
        message = "is no file of a warehouse export"
        raise UnreadableError(message)
    link.symlink_to(path.absolute())
    with whole(engine):
        set_variable(engine, "file", number)
        set_variable(engine, "is_requests", _REQUESTS.search(path.name) is not None)
        for table in _OPENED[form](engine, link):
            for name in _FILLED[table]:
                engine.execute(f"INSERT INTO {name} {query(f'fill_{name}')}")


def _parquet(engine: "duckdb.DuckDBPyConnection", link: Path) -> Iterator[str]:
    """Make `raw` of the rows of a file, and tell which table they are of."""
    found = engine.read_parquet(link.as_posix(), file_row_number=True, hive_partitioning=False)
    table = table_of(found.columns)
    _refuse_part(table, found.columns)
    wanted = roots(TABLES[table])
    schema = {
        name: kind for name, kind in zip(found.columns, found.types, strict=True) if name in wanted
    }
    columns = ", ".join(f'"{name}"' for name in schema)
    found.project(f"file_row_number + 1 AS number, {columns}").create_view("lines", replace=True)
    rows = over_parquet(TABLES[table], schema)
    _refuse_another(engine, rows)
    engine.execute(f"CREATE TEMP VIEW raw AS {rows}")
    yield table
    engine.execute("DROP VIEW raw")


def _json(engine: "duckdb.DuckDBPyConnection", link: Path) -> Iterator[str]:
    row = next((row for row in first_rows(link) if is_row(row)), None)
    if row is None:
        message = "has no row of a table that is known in its first lines"
        raise UnreadableError(message)
    packed = "gzip" if is_zipped(link) else "uncompressed"
    place = link.as_posix().replace("'", "''")
    reading = f"read_ndjson_objects('{place}', ignore_errors=true, compression='{packed}'"
    limit = f"maximum_object_size={2 * LARGEST_PING})"
    lines = f"SELECT row_number() OVER () AS number, json FROM {reading}, {limit}"  # noqa: S608 - the link is ours
    engine.execute(f"CREATE OR REPLACE TEMP VIEW lines AS {lines}")
    for table in _unpacked(engine, table_of(row)):
        if table == "flat":
            _refuse_bare(engine)
        yield table


def _avro(engine: "duckdb.DuckDBPyConnection", link: Path) -> Iterator[str]:
    columns = avro.columns_of(link)
    table = table_of(columns)
    _refuse_part(table, columns)
    for batch in avro.batches(link, roots(TABLES[table])):
        engine.register("lines", batch)
        yield from _unpacked(engine, table)


def _unpacked(engine: "duckdb.DuckDBPyConnection", table: str) -> Iterator[str]:
    """Make `raw` of `lines`, which are JSON: once, because to read them again is dear."""
    rows = over_json(TABLES[table])
    _refuse_another(engine, rows)
    engine.execute(f"CREATE TEMP TABLE raw AS {rows}")
    yield table
    engine.execute("DROP TABLE raw")


def _refuse_part(table: str, columns: Collection[str]) -> None:
    """Raise when columns were left out that rules hold events against."""
    if lacking := [name for name in _NEEDED.get(table, ()) if name not in columns]:
        message = f"lacks the column {lacking[0]}, without which no event can be judged"
        raise UnreadableError(message)


def _refuse_bare(engine: "duckdb.DuckDBPyConnection") -> None:
    """The same for JSON, in which a row has no columns that are NULL: none of the rows has any."""
    query_of = "SELECT count(*), count(value), count(extras) FROM raw WHERE {wanted}"
    wanted = "is_wanted(category, coalesce(object, 'normandy'))"
    rows, *filled = engine.execute(query_of.format(wanted=wanted)).fetchall()[0]
    if rows:
        told = zip(("event_string_value", "event_map_values"), filled, strict=True)
        _refuse_part("flat", [*_NEEDED["flat"][:2], *(name for name, many in told if many)])


def _refuse_another(engine: "duckdb.DuckDBPyConnection", rows: str) -> None:
    """Raise when a file turns out at once to be something else, however much there is of it."""
    looked_at = f"SELECT document FROM ({rows}) LIMIT {_LOOKED_AT}"  # noqa: S608 - columns of our own
    lost = f"SELECT count(*) > {MOST_REFUSED} FROM ({looked_at}) WHERE document IS NULL"  # noqa: S608
    if engine.execute(lost).fetchall() == [(True,)]:
        message = f"has over {MOST_REFUSED:,} rows that are no ping; the rest is not read"
        raise UnreadableError(message)


_OPENED: "dict[str, Callable[[duckdb.DuckDBPyConnection, Path], Iterator[str]]]" = {
    "parquet": _parquet,
    "json": _json,
    "avro": _avro,
}
