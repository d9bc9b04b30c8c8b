"""Tables of our own store as Arrow tables, by two threads at once.

Made into Python objects, a value costs more than all else that is done with it. So SQLite itself
writes the rows as text (a JSON array a line, which is CSV with backslashes), Arrow reads that, and
DuckDB takes apart the columns that are JSON: one thread writes, the other reads what was written,
and neither holds the interpreter's lock. Two threads in SQLite hinder each other.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.stores.own.schema import columns_of, generated_in, key_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ROWS = 50_000
"""Rows that are read at once."""

_LISTS = {
    "extras": "CAST(list_zip(json_keys(extras), json_extract_string(extras, '$.*')) "
    "AS STRUCT(key VARCHAR, value VARCHAR)[])",
    "keys": "json_extract_string(keys, '$[*]')",
}
"""Columns that are JSON, and how DuckDB takes them apart."""


def read_columns(connection: sqlite3.Connection, name: str, store: int) -> "pa.Table":
    """A base table; messages get keys that begin with the store's number.

    Raises sqlite3.Error, pyarrow.ArrowException, duckdb.Error or ValueError on what is no such
    table.
    """
    import duckdb
    import pyarrow as pa

    def made(texts: Sequence[bytes]) -> "pa.Table":
        return _taken_apart(session, name, _keyed(_parsed(name, texts), store))

    with (
        duckdb.connect(config={"threads": 1}) as session,
        ThreadPoolExecutor(1) as other,
    ):
        parts = [other.submit(made, texts) for texts in _texts(connection, name)]
        return pa.concat_tables(part.result() for part in parts)


def connect(path: Path) -> sqlite3.Connection:
    """A connection that alters nothing."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)
    connection.execute("PRAGMA mmap_size = 1073741824")
    return connection


def _texts(connection: sqlite3.Connection, name: str) -> Iterator[list[bytes]]:
    """The whole table as texts, of some rows each."""
    for low, high in _ranges(connection, name):
        yield from _texts_between(connection, name, low, high)


def _ranges(connection: sqlite3.Connection, name: str) -> Iterator[tuple[int, int]]:
    """The bounds of the keys of about so many rows each."""
    key = key_of(name)
    query = f'SELECT count(*), min("{key}"), max("{key}") FROM "{name}"'  # noqa: S608 - our own names
    count, first, last = connection.execute(query).fetchone()
    dense = count and last - first <= 2 * count + ROWS
    step = ROWS if dense else (last or 0) - (first or 0) + 1
    for low in range(first or 0, (last or 0) + 1, step):
        yield low, low + step - 1


def _texts_between(
    connection: sqlite3.Connection, name: str, low: int, high: int
) -> Iterator[list[bytes]]:
    """The rows with keys between the bounds: a JSON array a line, then what is JSON already."""
    plain, lists = _divided(name)
    parts = [f"json_array(0, {_quoted(plain, ', ')}, 0)"]
    parts += [_quoted(lists, " || char(31) || ")] if lists else []
    chosen = ", ".join(f"CAST(group_concat({part}, char(10)) AS BLOB)" for part in parts)
    query = f'SELECT {chosen} FROM "{name}" WHERE "{key_of(name)}" BETWEEN ? AND ?'  # noqa: S608 - our own names
    try:
        yield [text or b"" for text in connection.execute(query, [low, high]).fetchone()]
    except sqlite3.DataError:  # more than SQLite can hold in one value
        if low >= high:
            raise
        middle = (low + high) // 2
        yield from _texts_between(connection, name, low, middle)
        yield from _texts_between(connection, name, middle + 1, high)


def _divided(name: str) -> tuple[dict[str, type], list[str]]:
    """The columns of a table that are plain, and those that are JSON."""
    columns = columns_of(name)
    plain = {column: kind for column, kind in columns.items() if column not in _LISTS}
    return plain, [column for column in columns if column in _LISTS]


def _quoted(columns: Iterable[str], between: str) -> str:
    return between.join(f'"{column}"' for column in columns)


def _parsed(name: str, texts: Sequence[bytes]) -> "pa.Table":
    """Texts as a table. Raises when they are not of one number of lines."""
    import pyarrow as pa

    plain, lists = _divided(name)
    tables = [_rows(texts[0], plain), *(_separated(text, lists) for text in texts[1:])]
    fields = [field for table in tables for field in table.schema]
    columns = [column for table in tables for column in table.columns]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _rows(text: bytes, columns: Mapping[str, type]) -> "pa.Table":
    """A JSON array a line, whose first and last items hold the brackets and are left out."""
    import pyarrow as pa
    from pyarrow import csv

    types = {name: pa.int64() if kind is int else pa.string() for name, kind in columns.items()}
    if not text or _has_rare_escapes(text):
        rows = json.loads(b"[" + text.replace(b"\n", b",") + b"]")
        values = [*zip(*rows, strict=True)] or [()] * (len(types) + 2)
        arrays = map(pa.array, values[1:-1], types.values())
        return pa.Table.from_arrays([*arrays], schema=pa.schema(types))
    names = ["[", *types, "]"]
    return csv.read_csv(
        pa.BufferReader(text),
        csv.ReadOptions(column_names=names, block_size=len(text) + 1, use_threads=False),
        csv.ParseOptions(escape_char="\\", double_quote=False),
        csv.ConvertOptions(
            include_columns=[*types],
            column_types=types,
            null_values=["null"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _has_rare_escapes(text: bytes) -> bool:
    r"""Whether JSON has more to say with a backslash than CSV: \n, \u0000 and their like."""
    return b"\\" in text and b"\\" in text.replace(b"\\\\", b"").replace(b'\\"', b"")


def _separated(text: bytes, columns: Sequence[str]) -> "pa.Table":
    """JSON texts side by side, kept as texts: neither a line break nor character 31 is in any."""
    import pyarrow as pa
    from pyarrow import csv

    types = dict.fromkeys(columns, pa.string())
    if not text:
        return pa.schema(types).empty_table()
    return csv.read_csv(
        pa.BufferReader(text),
        csv.ReadOptions(column_names=[*types], block_size=len(text) + 1, use_threads=False),
        csv.ParseOptions(delimiter="\x1f", quote_char=False),
        csv.ConvertOptions(column_types=types),
    )


def _keyed(table: "pa.Table", store: int) -> "pa.Table":
    """The table with messages told apart as they are in an audit."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if "message" not in table.column_names:
        return table
    number = pc.utf8_lpad(table["message"].cast(pa.string()), 9, "0")
    key = pc.binary_join_element_wise(f"{store:04}", number, ":")
    return table.set_column(table.column_names.index("message"), "message", key)


def _taken_apart(session: "duckdb.DuckDBPyConnection", name: str, rows: "pa.Table") -> "pa.Table":
    """The table with its JSON as lists, and with the columns that are generated."""
    plain, lists = _divided(name)
    if not lists:
        return rows
    session.register("stored", rows.select(lists))
    made = session.sql(_query(tuple(lists), generated_in(name))).to_arrow_table()
    kept = rows.select([*plain])
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
