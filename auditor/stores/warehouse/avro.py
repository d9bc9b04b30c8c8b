"""Avro files of a warehouse export, in batches of JSON: the engine has no reader for them."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from auditor.stores.packed import UnreadableError
from auditor.stores.warehouse.avro_blocks import refuse_bombs, refuse_schema

if TYPE_CHECKING:
    import pyarrow as pa

_AT_ONCE = 5_000
_BYTES_AT_ONCE = 16 * 1024 * 1024


def columns_of(path: Path) -> list[str]:
    """The columns of a file. Raises UnreadableError."""
    with _reading(path) as (_, reader):
        return [field["name"] for field in reader.writer_schema["fields"]]


def batches(path: Path, wanted: frozenset[str]) -> Iterator["pa.Table"]:
    """The wanted columns of a file, as rows of `number` and `json`. Raises UnreadableError."""
    import pyarrow as pa

    with _reading(path) as (file, reader):
        refuse_bombs(file, reader.metadata.get("avro.codec", "null"))
        for batch in _batched(_json(row, wanted) for row in reader):
            yield pa.table([*map(pa.array, batch)], names=["number", "json"])


def _batched(texts: Iterable[str]) -> Iterator[tuple[list[int], list[str]]]:
    """Texts with their numbers, as many at once as need little room."""
    numbers, batch, size = [], [], 0
    for number, text in enumerate(texts, 1):
        numbers.append(number)
        batch.append(text)
        size += len(text)
        if len(batch) >= _AT_ONCE or size >= _BYTES_AT_ONCE:
            yield numbers, batch
            numbers, batch, size = [], [], 0
    if batch:
        yield numbers, batch


def _json(row: dict[str, Any], wanted: frozenset[str]) -> str:
    kept = {name: value for name, value in row.items() if name in wanted and value is not None}
    return json.dumps(kept, default=str)


@contextmanager
def _reading(path: Path) -> Iterator[tuple[BinaryIO, Any]]:
    try:
        import fastavro
    except ModuleNotFoundError:
        message = "is Avro, for which auditor needs its extra: pip install 'auditor[avro]'"
        raise UnreadableError(message) from None
    try:
        with path.open("rb") as file:
            reader = fastavro.reader(file)
            refuse_schema(reader.writer_schema)
            yield file, reader
    except UnreadableError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file makes its reader fail in any way
        message = f"is not whole Avro ({type(error).__name__})"
        raise UnreadableError(message) from None
