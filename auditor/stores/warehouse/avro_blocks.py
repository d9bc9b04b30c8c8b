"""What a hostile Avro file would do to its reader, found before the reader unpacks anything.

A file is a header and blocks: a count of rows, a size, so many bytes (packed by the file's codec),
and the sync marker. Source: the Avro specification, "Object Container Files" and "Data
Serialization".
"""

import zlib
from typing import Any, BinaryIO, NoReturn

from auditor.stores.packed import LARGEST_PING, UnreadableError

LARGEST_BLOCK = LARGEST_PING
"""Bytes of a block, unpacked: writers close a block at some ten thousand, but one holds a row at
least."""

_SYNC = 16
_LONGEST_NUMBER = 10
_PLAIN = {"boolean", "int", "long", "float", "double", "bytes", "string"}


def refuse_bombs(file: BinaryIO, codec: str) -> None:
    """Go over the blocks from where the file stands, and back. Raises UnreadableError."""
    start = file.tell()
    while (rows := _number(file)) is not None:
        size = _number(file)
        if size is None or not 0 <= size <= LARGEST_BLOCK:
            _refuse("has a block of a size that no block has")
        block = file.read(size)
        # A row of a table that is known has a byte at least.
        if not 0 <= rows <= _unpacked(block, codec):
            _refuse("has a block with more rows than can be in it")
        file.seek(_SYNC, 1)
    file.seek(start)


def refuse_schema(schema: Any) -> None:  # noqa: ANN401 - any JSON
    """Raise UnreadableError for a schema of rows without end: inside themselves, or of no bytes."""
    if not isinstance(schema, dict) or schema.get("type") != "record":
        _refuse("is Avro of something else than rows")
    _refuse_inside(schema, frozenset())


def _refuse_inside(schema: Any, around: frozenset[str]) -> None:  # noqa: ANN401 - any JSON
    if isinstance(schema, str) and schema in around:
        _refuse("has rows inside rows without end")
    if isinstance(schema, list):
        for kind in schema:
            _refuse_inside(kind, around)
    if isinstance(schema, dict):
        items = schema.get("items", schema.get("values"))
        if items is not None and _is_empty(items):
            _refuse("has lists of nothing")
        within = around | {str(schema.get("name"))}
        for kind in (items, *(field["type"] for field in schema.get("fields", ()))):
            _refuse_inside(kind, within)
        if isinstance(schema["type"], dict | list):
            _refuse_inside(schema["type"], around)


def _is_empty(schema: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a value of this schema may take no bytes; a name may stand for anything."""
    if isinstance(schema, str):
        return schema not in _PLAIN
    if isinstance(schema, list):
        return False
    fields = (field["type"] for field in schema.get("fields", ()))
    return schema["type"] in {"null", "record", "fixed"} and all(map(_is_empty, fields))


def _unpacked(block: bytes, codec: str) -> int:
    """The bytes of a block, unpacked. Raises UnreadableError when they are too many."""
    if codec == "null":
        return len(block)
    if codec == "deflate":
        size = len(zlib.decompressobj(wbits=-15).decompress(block, LARGEST_BLOCK + 1))
    elif codec == "snappy":
        size = _leading(block)
    else:
        _refuse("is packed in a way that no warehouse uses")
    if size > LARGEST_BLOCK:
        _refuse("has a block that is far larger unpacked than any is")
    return size


def _leading(block: bytes) -> int:
    """The size that snappy's first bytes tell: seven bits each, the lowest first."""
    size = 0
    for place, byte in enumerate(block[:5]):
        size |= (byte & 0x7F) << 7 * place
        if byte < 1 << 7:
            return size
    return _refuse("has a block that is not whole snappy")


def _number(file: BinaryIO) -> int | None:
    """The next number: seven bits a byte, in zigzag; None at the end of the file."""
    found = 0
    for place in range(_LONGEST_NUMBER):
        byte = file.read(1)
        if not byte:
            return None
        found |= (byte[0] & 0x7F) << 7 * place
        if byte[0] < 1 << 7:
            return (found >> 1) ^ -(found & 1)
    return _refuse("has a number that is none")


def _refuse(message: str) -> NoReturn:
    raise UnreadableError(message)
