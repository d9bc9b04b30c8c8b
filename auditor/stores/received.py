"""Pings as the ingestion edge received them: NDJSON, one message a line.

A line is `{"attributeMap": {...}, "payload": "<base64, perhaps gzip>"}`. The raw form has `uri` and
`submission_timestamp`, the decoded form `document_id` and its relatives. Source:
gcp-ingestion, docs/architecture/edge_service_specification.md.
"""

import base64
import binascii
import re
from pathlib import Path
from typing import Any

from auditor.stores.files import Source
from auditor.stores.glean import read_glean_ping
from auditor.stores.intake import Intake, Message
from auditor.stores.packed import UnreadableError, gunzip, parse_json
from auditor.stores.ping import Found, read_ping
from auditor.stores.plain import warehouse_ms
from auditor.stores.warehouse.looks import form_of

KIND = "received-pings"
LOOKS_LIKE = (
    "NDJSON (.ndjson or .jsonl, perhaps .gz), a message of the ingestion edge or a ping a line"
)
RECORDS = frozenset({"pings", "events", "annotations", "uptake", "scalars", "switches"})

MOST_REFUSED = 1_000
"""Lines that are no message, after which a file is taken for something else."""

_SUFFIXES = (".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz")
_URI = re.compile(
    r"/submit/(?P<document_namespace>[\w-]+)/(?P<a>[\w-]+)/(?P<b>[\w-]+)(/(?P<c>[\w-]+))?"
)


def recognises(path: Path) -> bool:
    """Whether the path is a file of this kind."""
    told = path.is_file() and path.name.lower().endswith(_SUFFIXES)
    return told and form_of(path) is None


def read(source: Source, store: int, into: Intake) -> frozenset[str]:
    """Take in every line; a line that is no message is named, and the rest is read."""
    read_lines(source, source.root, store, into)
    return RECORDS


def read_lines(source: Source, path: Path, store: int, into: Intake) -> None:
    """Take in the lines of one file."""
    name, before = source.name(path), len(into.unreadable)
    with into.reading(store, name):
        for number, line in enumerate(source.lines(path), 1):
            if len(into.unreadable) - before > MOST_REFUSED:
                message = (
                    f"has over {MOST_REFUSED:,} lines that are no message; the rest is not read"
                )
                raise UnreadableError(message)
            place = f"{name}:{number}"
            with into.reading(store, place):
                if line is None or line.strip():
                    into.take(store, _read_line(line, Found(into.key(store), place)))


def _read_line(line: bytes | None, found: Found) -> Message:
    if line is None:
        message = "is longer than a ping may be"
        raise UnreadableError(message)
    return read_message(parse_json(line, limit=len(line)), found)


def read_message(whole: object, found: Found) -> Message:
    """A message of the ingestion edge, or a ping as it was sent. Raises UnreadableError."""
    if isinstance(whole, dict) and isinstance(whole.get("payload"), dict):
        return read_ping(whole, found)
    if not isinstance(whole, dict) or not isinstance(whole.get("payload"), str):
        message = "is not a message of the ingestion edge (no attributeMap and payload)"
        raise UnreadableError(message)
    # The warehouse's tables `payload_bytes_*` have the attributes beside the payload.
    attributes = whole.get("attributeMap", whole)
    attributes = attributes if isinstance(attributes, dict) else {}
    body = parse_json(gunzip(_decode(whole["payload"])))
    received = warehouse_ms(attributes.get("submission_timestamp"))
    space, kind, document = _named(attributes)
    if space in (None, "telemetry"):
        return read_ping(body, found._replace(received=received))
    if document is None:
        message = "is a Glean ping without a document id"
        raise UnreadableError(message)
    return read_glean_ping(body, found._replace(received=received), document, kind or "unknown")


def _decode(payload: str) -> bytes:
    try:
        return base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        message = "has a payload that is not base64"
        raise UnreadableError(message) from None


def _named(attributes: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Namespace, type and document id: from the decoder, or from the path that was posted to.

    Legacy: `/submit/telemetry/<id>/<type>/…`; Glean: `/submit/<app>/<type>/<version>/<id>`.
    """
    uri = attributes.get("uri")
    found = _URI.match(uri) if isinstance(uri, str) else None
    if found and found["document_namespace"] == "telemetry":
        return "telemetry", found["b"], found["a"]
    if found:
        return found["document_namespace"], found["a"], found["c"]
    names = ("document_namespace", "document_type", "document_id")
    space, kind, document = (
        value if isinstance(value := attributes.get(name), str) else None for name in names
    )
    return space, kind, document
