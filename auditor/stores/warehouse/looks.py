"""What a file of a warehouse export looks like: its form, and which of the tables it holds.

A look reads a few bytes, or a first line, so that a directory can be recognised at little cost.
"""

import gzip
import json
import re
import zlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.stores.beside import is_labels
from auditor.stores.packed import LARGEST_PING, UnreadableError
from auditor.stores.places import shut, stands

JSON_SUFFIXES = (
    ".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz", ".json", ".json.gz",
)  # fmt: skip
SUFFIXES = (".parquet", ".avro")

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_GZIP = b"\x1f\x8b"
_MAGIC = {b"PAR1": "parquet", b"Obj\x01": "avro"}
_LINES = 8
"""Lines that are looked at for one that is a row: a broken line may stand before it."""

_FILES = 8
"""Files of a directory that are looked at, where no suffix tells."""


def is_export(path: Path) -> bool:
    """Whether a file, or a file in a directory, is of a warehouse export."""
    if not path.is_dir():
        return form_of(path) is not None
    files = [file for file in _listed(path) if not is_labels(file)]
    if any(_ends(file, SUFFIXES) for file in files):
        return True
    lines = [file for file in files if _ends(file, JSON_SUFFIXES)]
    others = [file for file in files if not file.suffix]
    return any(form_of(file) for file in lines[:_FILES] + others[:_FILES])


def below(root: Path) -> list[Path]:
    """The files of an export, in order: those that a suffix or a look tells.

    Pings among them are given too, so that they are named as what is not read.
    """
    if not root.is_dir():
        return [root]
    told = (*SUFFIXES, *JSON_SUFFIXES, ".jsonlz4")
    return [
        path
        for path in _listed(root)
        if (shut(path) or _ends(path, told) or _UUID.fullmatch(path.name) or form_of(path))
        and not is_labels(path)
    ]


def beside(root: Path) -> list[Path]:
    """The other files of a directory: they are not looked into."""
    known = {root, *below(root)}
    return sorted(path for path in root.rglob("*") if path not in known and stands(path))


def _listed(root: Path) -> list[Path]:
    """The files below a directory; what tools leave beside an export begins with `_` or `.`."""
    found = (path for path in root.rglob("*") if not path.name.startswith(("_", ".")))
    return sorted(path for path in found if shut(path) or stands(path))


def _ends(path: Path, suffixes: tuple[str, ...]) -> bool:
    return path.name.lower().endswith(suffixes)


def form_of(path: Path) -> str | None:
    """`parquet`, `avro` or `json` for a file of an export; None for any other."""
    name = path.name.lower()
    if name.endswith(SUFFIXES):
        return name.rpartition(".")[2] if stands(path) else None
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        told = name.endswith(JSON_SUFFIXES) and any(is_row(row) for row in first_rows(path))
    except (OSError, EOFError, zlib.error):
        return None
    return _MAGIC.get(magic) or ("json" if told else None)


def is_zipped(path: Path) -> bool:
    """Whether a file is gzip, whatever its name says."""
    with path.open("rb") as file:
        return file.read(2) == _GZIP


def first_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """The JSON objects among the first lines of a file. Raises what reading may raise."""
    with gzip.open(path) if is_zipped(path) else path.open("rb") as file:
        for _ in range(_LINES):
            line = file.readline(2 * LARGEST_PING)
            if len(line) == 2 * LARGEST_PING:  # what goes on for so long is no row
                return
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if isinstance(row, dict):
                yield row


def is_row(row: Mapping[str, Any]) -> bool:
    """Whether an object is a row of a table, and no message of the ingestion edge and no ping."""
    if "attributeMap" in row or {"type", "id"} <= row.keys():
        return False
    nested = not isinstance(row.get("payload"), str)
    return nested and isinstance(row.get("document_id"), str) and table_in(row) is not None


def table_of(columns: Collection[str]) -> str:
    """`flat` or `nested`: which table has these columns. Raises UnreadableError for another."""
    found = table_in(columns)
    if found is None:
        message = "has the columns of no table that is known"
        raise UnreadableError(message)
    return found


def table_in(columns: Collection[str]) -> str | None:
    """The same, with None for another."""
    if "document_id" not in columns:
        return None
    if "event_category" in columns:
        return "flat"
    telling = ("payload", "creation_date", "submission_timestamp")
    return "nested" if any(name in columns for name in telling) else None
