"""Exports of Mozilla's warehouse: its flattened events, and its tables of nested pings.

Parquet, Avro and NDJSON as BigQuery writes them, one file or a directory of shards. Flattened are
`event_events_v1`, `main_events_v1` and `telemetry.events`, a row an event; nested are `event_v4`,
`main_v5` and `deletion_request_v4`, a row a ping. A document may lie in many shards, and again on
another day: its rows are put together here, and its copies by `auditor.stores.timeline`.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.stores.beside import SomethingElseError, refuse_something_else
from auditor.stores.files import Source
from auditor.stores.intake import Intake
from auditor.stores.packed import LARGEST_PING, UnreadableError, gunzip, parse_json
from auditor.stores.places import shut
from auditor.stores.warehouse.loading import load
from auditor.stores.warehouse.looks import below, beside, form_of, is_export
from auditor.stores.warehouse.session import (
    MOST_REFUSED,
    File,
    opened,
    recorded_by,
    refused_by,
    settle,
    tables_of,
    whole,
)

if TYPE_CHECKING:
    import duckdb

KIND = "warehouse-export"
LOOKS_LIKE = (
    "an export of the warehouse (.parquet, .avro, .ndjson or .json, perhaps .gz), or a directory "
    "of them: flattened events (which tell no recipe freshness), or nested event, main and "
    "deletion-request pings"
)
RECORDS = frozenset({"pings", "events", "annotations", "uptake", "scalars", "switches"})


def recognises(path: Path) -> bool:
    """Whether the path is such a file, or a directory with one in it."""
    return is_export(path)


def read(source: Source, store: int, into: Intake) -> frozenset[str]:
    """Take in every file; a file or a row that is none is named, and the rest is read."""
    with (
        tempfile.TemporaryDirectory(prefix="auditor-") as folder,
        opened(Path(folder), store) as engine,
    ):
        loaded: list[File] = []
        for path in beside(source.root):
            into.ignore(store, source.name(path))
        for number, path in enumerate(below(source.root)):
            name = source.name(path)
            with into.reading(store, name):
                try:
                    _take(source, engine, path, number, Path(folder) / f"{number:06}")
                    loaded.append(File(number, name))
                except SomethingElseError:
                    into.ignore(store, name)
        with into.reading(store, source.name(source.root)), whole(engine):
            settle(engine, loaded)
            for tables in tables_of(engine):
                into.take_tables(store, tables)
            _refuse(engine, store, into, loaded)
            return recorded_by(engine)
    return frozenset()


def _take(
    source: Source, engine: "duckdb.DuckDBPyConnection", path: Path, number: int, link: Path
) -> None:
    if path != source.root and (reason := shut(path)):
        raise UnreadableError(reason)
    if not path.is_file():
        message = "is no file that can be read"
        raise UnreadableError(message)
    source.digest_of(path)
    if path != source.root and form_of(path) is None:
        _refuse_something_else(path)
    load(engine, path, number, link)


def _refuse_something_else(path: Path) -> None:
    """Raise SomethingElseError for one that is whole JSON, and neither of an export nor a ping."""
    if path.stat().st_size <= LARGEST_PING:
        try:
            body = parse_json(gunzip(path.read_bytes()))
        except UnreadableError:
            return
        refuse_something_else(body)


def _refuse(
    engine: "duckdb.DuckDBPyConnection", store: int, into: Intake, loaded: list[File]
) -> None:
    """Name the rows that are no ping, up to so many."""
    names = dict(loaded)
    refused = refused_by(engine, MOST_REFUSED + 1)
    for row in refused[:MOST_REFUSED]:
        into.refuse(store, f"{names[row.file]}:{row.number}", row.reason)
    if len(refused) > MOST_REFUSED:
        message = f"has over {MOST_REFUSED:,} rows that are no ping; the rest are not named"
        raise UnreadableError(message)
