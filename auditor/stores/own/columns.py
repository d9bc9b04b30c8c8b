"""Tables of our own store as Arrow tables, by two threads at once.

Made into Python objects, a value costs more than all else that is done with it. So Arrow's own
driver reads SQLite, and DuckDB takes apart the columns that are JSON. Each thread does both for
some of the rows, and neither holds the interpreter's lock.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from auditor.stores import sessions
from auditor.stores.own.schema import StoreError, columns_of, generated_in, readable
from auditor.stores.packed import LARGEST_PING
from auditor.stores.tables import TABLES

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ROWS = 50_000
"""Rows that are read at once."""

READERS = 2
"""Threads that read."""

Span = tuple[int, int]
"""The first and the last number of some rows."""

MOST_EXTRAS = 1_000
"""Far more than the ten that an event may have: a store with more is none of ours."""

_LISTS = {
    "extras": f"CASE WHEN len(json_keys(extras)) > {MOST_EXTRAS} THEN error('no event') "
    "ELSE CAST(list_zip(json_keys(extras), json_extract_string(extras, '$.*')) "
    "AS STRUCT(key VARCHAR, value VARCHAR)[]) END",
    "keys": "from_json(keys, '[\"VARCHAR\"]')",
}
"""Columns that are JSON, and how DuckDB takes them apart."""


_BLANK = {"extras": "'{}'", "keys": "'[]'"}
"""What stands in these columns where there is nothing."""


def read_tables(path: Path, store: int) -> "dict[str, pa.Table]":
    """Every base table; messages get keys that begin with the store's number.

    Raises StoreError, adbc_driver_sqlite.dbapi.Error, sqlite3.Error, pyarrow.ArrowException,
    duckdb.Error, OSError or ValueError on what is no such store.
    """
    import pyarrow as pa

    with _engines() as engines, ThreadPoolExecutor(READERS) as pool:

        def part(name: str, span: Span) -> "pa.Table":
            engine = engines.get()
            try:
                return _part(engine, path, name, store, span)
            finally:
                engines.put(engine)

        spans = _spans(path)
        parts = {name: [pool.submit(part, name, span) for span in spans[name]] for name in TABLES}
        return {
            name: pa.concat_tables(each.result() for each in futures)
            for name, futures in parts.items()
        }


@contextmanager
def _engines() -> "Iterator[SimpleQueue[duckdb.DuckDBPyConnection]]":
    """An engine for each reader: to open one takes longer than to read a small table."""
    import duckdb

    engines: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
    with ExitStack() as stack:
        for _ in range(READERS):
            engine = stack.enter_context(duckdb.connect(config={"threads": 1}))
            engine.execute("SET enable_progress_bar = FALSE")
            engines.put(sessions.known(engine))
        yield engines


def _spans(path: Path) -> dict[str, list[Span]]:
    """The rows of each table, from a number to a number: large tables in as many as read."""
    found = {}
    with readable(path) as connection:
        for name in TABLES:
            query = f'SELECT coalesce(min(rowid), 0), coalesce(max(rowid), 0) FROM "{name}"'  # noqa: S608 - our own names
            ((first, last),) = connection.execute(query).fetchall()
            size = max(ROWS, (last - first) // READERS + 1)
            ends = range(first, last + 1, size)
            found[name] = [(start, min(start + size - 1, last)) for start in ends]
    return found


def _part(
    engine: "duckdb.DuckDBPyConnection", path: Path, name: str, store: int, span: Span
) -> "pa.Table":
    import pyarrow as pa

    made = []
    for batch in _batches(path, name, span):
        batch.validate(full=True)  # a text in SQLite may be anything, in Arrow it is UTF-8
        rows = _keyed(pa.Table.from_batches([batch]), store)
        made += [_taken_apart(engine, name, some) for some in _parts(name, rows)]
    # The first row is there for its types.
    return pa.concat_tables(made).slice(1)


def _batches(path: Path, name: str, span: Span) -> "Iterator[pa.RecordBatch]":
    """The stored columns of a table's rows, after a row of values of the right types.

    The driver takes types from the first rows, and has none for a column that is NULL there.
    """
    from adbc_driver_sqlite import dbapi

    columns = columns_of(name)
    blanks = ("0" if kind is int else _BLANK.get(column, "''") for column, kind in columns.items())
    names = ", ".join(f'"{column}"' for column in columns)
    where = "rowid BETWEEN {} AND {}".format(*span)
    rows = f'SELECT {names} FROM "{name}" NOT INDEXED WHERE {where}'  # noqa: S608 - our own names and numbers
    with (
        # Nobody else writes to it, so that no reader need wait for another's lock.
        closing(dbapi.connect(f"{path.as_uri()}?immutable=1")) as connection,
        connection.cursor() as cursor,
    ):
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(ROWS)})
        cursor.execute(f"SELECT {', '.join(blanks)} UNION ALL {rows}")
        for batch in cursor.fetch_record_batch():
            yield batch.rename_columns([*columns])


def _divided(name: str) -> tuple[list[str], list[str]]:
    """The columns of a table that are plain, and those that are JSON."""
    columns = columns_of(name)
    plain = [column for column in columns if column not in _LISTS]
    return plain, [column for column in columns if column in _LISTS]


def _keyed(table: "pa.Table", store: int) -> "pa.Table":
    """The table with messages told apart as they are in an audit."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if "message" not in table.column_names:
        return table
    number = pc.utf8_lpad(table["message"].cast(pa.string()), 9, "0")
    key = pc.binary_join_element_wise(f"{store:04}", number, ":")
    return table.set_column(table.column_names.index("message"), "message", key)


def _parts(name: str, rows: "pa.Table") -> "Iterator[pa.Table]":
    """The table in parts of which the JSON is no more than a ping may be. Raises StoreError."""
    if rows.select(_divided(name)[1]).nbytes <= LARGEST_PING:
        yield rows
    elif rows.num_rows > 1:
        middle = rows.num_rows // 2
        yield from _parts(name, rows.slice(0, middle))
        yield from _parts(name, rows.slice(middle))
    else:
        message = "holds an event that is larger than a ping may be"
        raise StoreError(message)


def _taken_apart(session: "duckdb.DuckDBPyConnection", name: str, rows: "pa.Table") -> "pa.Table":
    """The table with its JSON as lists, and with the columns that are generated."""
    plain, lists = _divided(name)
    if not lists:
        return rows
    session.register("stored", rows.select(lists))
    made = session.sql(_query(tuple(lists), generated_in(name))).to_arrow_table()
    kept = rows.select(plain)
    for column in made.column_names:  # DuckDB keeps the order of the rows
        kept = kept.append_column(column, made[column])
    return kept


def _query(lists: Iterable[str], generated: Mapping[str, Iterable[str]]) -> str:
    paths = [f"$.{extra}" for extras in generated.values() for extra in extras]
    made = {column: _LISTS[column] for column in lists}
    for column, extras in generated.items():
        places = (f"found[{paths.index(f'$.{extra}') + 1}]" for extra in extras)
        made[column] = f"coalesce({', '.join(places)})"
    chosen = ", ".join(f"{value} AS {column}" for column, value in made.items())
    found = f"json_extract_string(extras, {paths})" if paths else "NULL"
    return f"SELECT {chosen} FROM (SELECT *, {found} AS found FROM stored)"  # noqa: S608 - our own names
