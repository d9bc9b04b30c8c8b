"""Reading evidence: whole files, read once, never altered, never larger than they may be.

Every byte that a store's reader takes in goes through a `Source`, which digests it: `digest` is
shown in the report, `key` never is (it keys the tokens that stand for identifiers).
"""

import gzip
import hashlib
import json
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path

LARGEST_PING = 8 * 1024 * 1024
"""Bytes of one ping, uncompressed. Firefox deletes a ping file over 1 MB; its uncompressed JSON
stays far below this."""

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of a store's other files: preferences, JSON stores, SQLite databases."""

_MOZLZ4 = b"mozLz40\0"
_GZIP = b"\x1f\x8b"


class UnreadableError(Exception):
    """An input cannot be read. The message is a clause without anything that stood in the input."""


class Source:
    """The files of one store, seen from its root."""

    def __init__(self, root: Path) -> None:
        """Nothing is opened before it is asked for."""
        self.root = root
        self._digest = hashlib.sha256()
        self._key = hashlib.blake2b(person=b"auditor-tokens", digest_size=32)

    @property
    def digest(self) -> str:
        """`sha256:…` over names and contents of what was read so far, in that order."""
        return f"sha256:{self._digest.hexdigest()}"

    @property
    def key(self) -> bytes:
        """32 bytes that only a holder of the same files can derive."""
        return self._key.digest()

    def name(self, path: Path) -> str:
        """The path seen from the store's root; a store that is one file is called by its name."""
        return path.name if path == self.root else path.relative_to(self.root).as_posix()

    def note(self, data: bytes) -> None:
        """Take `data` into the digests."""
        self._digest.update(data)
        self._key.update(data)

    def read(self, path: Path, limit: int = LARGEST_FILE) -> bytes:
        """The bytes of a file. Raises UnreadableError when it is larger than `limit`."""
        self.note(self.name(path).encode() + b"\0")
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                message = "is no file with an end: a device, a pipe or the like"
                raise UnreadableError(message)
            size = status.st_size
            if size > limit:
                message = f"is {size:,} bytes, more than the {limit:,} that it may be"
                raise UnreadableError(message)
            with path.open("rb") as file:
                data = file.read(limit + 1)
        except OSError as error:
            message = f"cannot be opened ({error.strerror or type(error).__name__})"
            raise UnreadableError(message) from None
        self.note(data)
        return data

    def digest_of(self, path: Path) -> None:
        """Take a file into the digests that an engine reads by itself, however large it is."""
        self.note(self.name(path).encode() + b"\0")
        try:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    self.note(block)
        except OSError as error:
            message = f"cannot be opened ({error.strerror or type(error).__name__})"
            raise UnreadableError(message) from None

    def lines(self, path: Path, limit: int = 2 * LARGEST_PING) -> Iterator[bytes | None]:
        """The lines of a file, gunzipped where needed; None stands for a line over `limit`."""
        self.note(self.name(path).encode() + b"\0")
        try:
            with path.open("rb") as file:
                packed = file.read(2) == _GZIP
            with gzip.open(path) if packed else path.open("rb") as file:
                while line := file.readline(limit):
                    self.note(line)
                    whole = line.endswith(b"\n") or len(line) < limit
                    while not line.endswith(b"\n") and len(line) == limit:
                        line = file.readline(limit)
                        self.note(line)
                    yield line if whole else None
        except (OSError, EOFError, zlib.error) as error:
            message = f"cannot be read to its end ({type(error).__name__})"
            raise UnreadableError(message) from None


def stands(path: Path) -> bool:
    """Whether there is a file to read: also one that turns out not to be readable."""
    try:
        return path.is_file() or (path.is_symlink() and not path.is_dir())
    except OSError:
        return True


def gunzip(data: bytes, limit: int = LARGEST_PING) -> bytes:
    """`data`, decompressed when it is gzip. Raises UnreadableError when broken or too large."""
    if data[:2] != _GZIP:
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        out = unpacker.decompress(data, limit + 1)
    except zlib.error:
        message = "is not whole gzip"
        raise UnreadableError(message) from None
    if len(out) > limit:
        raise UnreadableError(_too_large(limit))
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
        raise UnreadableError(_too_large(limit))
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
        raise UnreadableError(_too_large(limit))
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


def _too_large(limit: int) -> str:
    return f"is larger than the {limit:,} bytes that it may be"
