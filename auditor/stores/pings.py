"""Pings as files: one ping a file, or a directory of them, in whatever form they were kept.

A file holds Firefox's own ping (JSON, perhaps gzip or mozLz4), a ping as Glean keeps it before it
is sent (three lines: path, JSON, headers), or a message of the ingestion edge. A ping that does not
tell its document id has it in its file's name.
"""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from auditor.stores import received
from auditor.stores.beside import (
    SomethingElseError,
    is_labels,
    is_named_as_ping,
    names_a_document,
    refuse_something_else,
)
from auditor.stores.files import Source
from auditor.stores.glean import read_glean_ping
from auditor.stores.intake import Intake, Message
from auditor.stores.packed import (
    LARGEST_PING,
    UnreadableError,
    gunzip,
    is_mozlz4,
    parse_json,
    unpack_mozlz4,
)
from auditor.stores.ping import UUID, Found, read_ping
from auditor.stores.places import exists, shut, stands
from auditor.stores.warehouse.looks import form_of

KIND = "pings"
RECORDS = received.RECORDS
LOOKS_LIKE = (
    "files of pings (.json, .json.gz, .jsonlz4, or named by document id), or a directory of them"
)

_SUBMITTED = re.compile(rb"/submit/[\w-]+/([\w-]+)/\d+/([\w-]+)/?\n")


def recognises(path: Path) -> bool:
    """Whether the path is such a file, or a directory with one in it."""
    if path.is_dir():
        # A folder around profiles is none: read as one, they would be one person's.
        children = chain(path.glob("*"), path.glob("*/*"))
        around = any(exists(child / "prefs.js") for child in children)
        found = (file for file in _below(path) if shut(file) is None)
        return not around and any(_is_ping(file) or received.recognises(file) for file in found)
    return _is_ping(path)


def read(source: Source, store: int, into: Intake) -> frozenset[str]:
    """Take in every file; one that is no whole ping is named, and the rest is read.

    What is something else altogether is left out, unless it is what was to be read.
    """
    root = source.root
    if not root.is_dir():
        with into.reading(store, source.name(root)):
            _read_file(source, root, store, into)
        return RECORDS
    for path in sorted(_below(root)):
        name = source.name(path)
        with into.reading(store, name):
            if reason := shut(path):
                raise UnreadableError(reason)
            try:
                _read_among(source, path, store, into)
            except SomethingElseError:
                if _is_ping(path) and names_a_document(path.name):
                    raise
                into.ignore(store, name)
    return RECORDS


def _read_among(source: Source, path: Path, store: int, into: Intake) -> None:
    if received.recognises(path):
        received.read_lines(source, path, store, into)
    elif form_of(path) and not is_labels(path):
        message = "is an export of the warehouse: it is read by itself, not among pings"
        raise UnreadableError(message)
    elif _is_ping(path):
        _read_file(source, path, store, into)
    else:
        message = "is not named as pings are"
        raise SomethingElseError(message)


def _read_file(source: Source, path: Path, store: int, into: Intake) -> None:
    found = Found(into.key(store), source.name(path))
    into.take(store, read_ping_file(source.read(path, LARGEST_PING), path, found))


def read_ping_file(data: bytes, path: Path, found: Found) -> Message:
    """The ping in a file. Raises UnreadableError."""
    plain = gunzip(data)
    # Files are renamed, so their first bytes tell; one that is empty is not even mozLz4.
    if is_mozlz4(plain) or (path.suffix == ".jsonlz4" and not plain.startswith(b"{")):
        plain = unpack_mozlz4(plain)
    if sent := _SUBMITTED.match(plain):
        body = parse_json(plain[sent.end() :].split(b"\n", 1)[0])
        document_type, document = (part.decode() for part in sent.groups())
        return read_glean_ping(body, found, document, document_type)
    body = parse_json(plain)
    refuse_something_else(body)
    if isinstance(body, dict) and "attributeMap" in body:
        return received.read_message(body, found)
    if isinstance(body, dict) and "ping_info" in body:
        return read_glean_ping(body, found, _named(path), path.parent.name or "unknown")
    return read_ping(body, found)


def _is_ping(path: Path) -> bool:
    return stands(path) and is_named_as_ping(path.name)


def _below(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if shut(path) or stands(path))


def _named(path: Path) -> str:
    """The document id in a file's name."""
    if found := UUID.search(path.name):
        return found[0]
    message = "is a Glean ping without a document id"
    raise UnreadableError(message)
