"""Bytes that are packed, or JSON, as what they stand for; what is broken or too large is told."""

import json
import zlib

import orjson

LARGEST_PING = 8 * 1024 * 1024
"""Bytes of one ping, uncompressed. Firefox deletes a ping file over 1 MB; its uncompressed JSON
stays far below this."""

_MOZLZ4 = b"mozLz40\0"
_GZIP = b"\x1f\x8b"


class UnreadableError(Exception):
    """An input cannot be read. The message is a clause without anything that stood in the input."""


class TooLargeError(UnreadableError):
    """An input is larger than it may be."""

    def __init__(self, limit: int) -> None:
        """`limit` is in bytes."""
        super().__init__(f"is larger than the {limit:,} bytes that it may be")


def is_mozlz4(data: bytes) -> bool:
    """Whether `data` begins as mozLz4 does."""
    return data.startswith(_MOZLZ4)


def is_gzip(data: bytes) -> bool:
    """Whether `data` begins as gzip does."""
    return data[:2] == _GZIP


def gunzip(data: bytes, limit: int = LARGEST_PING) -> bytes:
    """`data`, decompressed when it is gzip. Raises UnreadableError when broken or too large."""
    if not is_gzip(data):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        out = unpacker.decompress(data, limit + 1)
    except zlib.error:
        message = "is not whole gzip"
        raise UnreadableError(message) from None
    if len(out) > limit:
        raise TooLargeError(limit)
    if not unpacker.eof:
        message = "is gzip cut short"
        raise UnreadableError(message)
    return out


def unpack_mozlz4(data: bytes, limit: int = LARGEST_PING) -> bytes:
    """The content of a mozLz4 file: magic, uncompressed size (LE32), one LZ4 block.

    Source: `MozLZ4` in dom/system/IOUtils.cpp. Raises UnreadableError.
    """
    import lz4.block

    if not data.startswith(_MOZLZ4):
        message = "is not mozLz4"
        raise UnreadableError(message)
    if len(data) < len(_MOZLZ4) + 4:
        message = "is mozLz4 cut short"
        raise UnreadableError(message)
    size = int.from_bytes(data[8:12], "little")
    if size > limit:
        raise TooLargeError(limit)
    if size == 0:
        return b""
    try:
        return bytes(lz4.block.decompress(data[8:]))
    except lz4.block.LZ4BlockError:
        message = "is mozLz4 cut short or damaged"
        raise UnreadableError(message) from None


def parse_json(data: bytes, limit: int = LARGEST_PING) -> object:
    """A JSON text. Raises UnreadableError, which names a line and column but no content."""
    if len(data) > limit:
        raise TooLargeError(limit)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return _parse_slowly(data)


def _parse_slowly(data: bytes) -> object:
    """What orjson refuses: half surrogate pairs and NaN, which are read, and what is no JSON."""
    try:
        return json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 (byte {error.start})"
    except json.JSONDecodeError as error:
        message = f"is not JSON (line {error.lineno}, column {error.colno})"
    except RecursionError:
        message = "is JSON nested too deeply"
    except ValueError:
        message = "is JSON with a number too long to read"
    raise UnreadableError(message)
