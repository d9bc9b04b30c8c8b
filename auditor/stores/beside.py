"""What lies among pings and is none: notes, logs, JSON of something else, the labels of a fleet.

Firefox names its pings `<document id>` (pending) or `<milliseconds>.<document id>.<type>` with the
suffix `.jsonlz4` or, long ago, `.json` (TelemetryStorage); what is kept elsewhere is often gzip.
"""

import os
import re
from pathlib import Path

from auditor.stores.packed import UnreadableError

LABELS = "auditor.labels"
"""What the Parquet file that labels a simulated fleet has among its metadata."""

_SUFFIXES = (".json", ".json.gz", ".jsonlz4", ".jsonlz4.gz")
_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NAMED = re.compile(rf"{_ID}|\d+\.{_ID}\.[a-z0-9][a-z0-9-]+[a-z0-9]", re.IGNORECASE)
_TELLING = {
    *("payload", "clientId", "creationDate", "environment", "application"),
    *("ping_info", "client_info", "attributeMap"),
    *("document_id", "client_id", "creation_date", "submission_timestamp", "event_category"),
}
_PINGS = {"creationDate", "ping_info", "attributeMap", "document_id"}
_TAIL = 1 << 16


class SomethingElseError(UnreadableError):
    """A file is whole, and is something else than a ping."""


def is_named_as_ping(name: str) -> bool:
    """Whether a file's name, in whatever case, is one that pings have."""
    known = name.lower().endswith(_SUFFIXES) and not name.startswith(".")
    return known or _NAMED.fullmatch(name) is not None


def names_a_document(name: str) -> bool:
    """Whether a document id stands in the name of a file: one of a ping holds nothing else."""
    return re.search(_ID, name, re.IGNORECASE) is not None


def refuse_something_else(body: object) -> None:
    """Raise SomethingElseError for JSON without anything that a ping has, or a row of a table.

    Raises UnreadableError for pings inside a list or the like: they are not read, nor ignored.
    """
    if isinstance(body, dict) and (_TELLING & body.keys() or {"type", "id"} <= body.keys()):
        return
    inside = [part for whole in _parts(body) for part in (whole, *_parts(whole))]
    if any(_PINGS & part.keys() for part in inside if isinstance(part, dict)):
        message = "holds pings inside something else; each is to be a file, or a line of NDJSON"
        raise UnreadableError(message)
    is_object = isinstance(body, dict)
    message = "is not a ping (no document id or no type)" if is_object else "is not a JSON object"
    raise SomethingElseError(message)


def _parts(body: object) -> list[object]:
    if isinstance(body, dict):
        return [*body.values()]
    return body if isinstance(body, list) else []


def is_labels(path: Path) -> bool:
    """Whether a file holds the labels of a simulated fleet: metadata stands at a Parquet's end."""
    if path.name != "labels.parquet":
        return False
    try:
        with path.open("rb") as file:
            file.seek(-min(_TAIL, path.stat().st_size), os.SEEK_END)
            return LABELS.encode() in file.read()
    except OSError:
        return False
