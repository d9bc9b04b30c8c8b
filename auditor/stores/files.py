"""Reading evidence: whole files, read once, never altered, never larger than they may be.

Every byte that a store's reader takes in goes through a `Source`, which digests it: `digest` is
shown in the report, `key` never is (it keys the tokens that stand for identifiers).
"""

import gzip
import hashlib
import io
import json
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson

LARGEST_PING = 8 * 1024 * 1024
"""Bytes of one ping, uncompressed. Firefox deletes a ping file over 1 MB; its uncompressed JSON
stays far below this."""

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of a store's other files: preferences, JSON stores, SQLite databases."""

MOST_EMPTY = 1_000
"""Empty lines one after the other, after which a file is taken for something else."""

LINKED = "is a link to a directory, which is not followed"

MOST_SKIPPED = 4 * LARGEST_PING
"""Bytes of lines too long to be pings, after which a file is taken for something else."""

_MOZLZ4 = b"mozLz40\0"
_GZIP = b"\x1f\x8b"


class UnreadableError(Exception):
    """An input cannot be read. The message is a clause without anything that stood in the input."""


class TooLargeError(UnreadableError):
    """An input is larger than it may be."""

    def __init__(self, limit: int) -> None:
        """`limit` is in bytes."""
        super().__init__(f"is larger than the {limit:,} bytes that it may be")


class Reading:
    """One input as it is read, which digests what passes."""

    def __init__(self, name: str) -> None:
        """Nothing has been read yet of what is called `name`, seen from the store's root."""
        self.name = name
        self._digest = hashlib.sha256()
        self._key = hashlib.blake2b(name.encode(errors="surrogatepass"), person=b"auditor-tokens")

    @property
    def digest(self) -> str:
        """`sha256:…` over the bytes of the file."""
        return f"sha256:{self._digest.hexdigest()}"

    @property
    def key(self) -> bytes:
        """Bytes that only a holder of the same file can derive."""
        return self._key.digest()

    def note(self, data: bytes) -> None:
        """Take `data` into the digests."""
        self._digest.update(data)
        self._key.update(data)


class Source:
    """The files of one store, seen from its root."""

    def __init__(self, root: Path) -> None:
        """Nothing is opened before it is asked for."""
        self.root = root
        self.readings: list[Reading] = []

    @property
    def digest(self) -> str:
        """`sha256:…` over names and digests of what was read so far, in that order."""
        told = "".join(f"{reading.name}\0{reading.digest}\n" for reading in self.readings)
        return f"sha256:{hashlib.sha256(told.encode(errors='surrogatepass')).hexdigest()}"

    @property
    def key(self) -> bytes:
        """32 bytes that only a holder of the same files can derive."""
        return hashlib.sha256(b"".join(reading.key for reading in self.readings)).digest()

    def name(self, path: Path) -> str:
        """The path seen from the store's root; a store that is one file is called by its name."""
        inside = self.root in path.parents
        return shown(path.relative_to(self.root).as_posix() if inside else path.name)

    def begin(self, path: Path) -> Reading:
        """Begin to read one more input."""
        self.readings.append(Reading(self.name(path)))
        return self.readings[-1]

    def read(self, path: Path, limit: int = LARGEST_FILE) -> bytes:
        """The bytes of a file. Raises UnreadableError when it is larger than `limit`."""
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
        self.begin(path).note(data)
        return data

    def digest_of(self, path: Path, called: Path | None = None) -> None:
        """Digest a file that an engine reads by itself, however large; a copy is `called` else."""
        try:
            with path.open("rb") as file:
                reading = self.begin(called or path)
                while block := file.read(1 << 20):
                    reading.note(block)
        except OSError as error:
            message = f"cannot be opened ({error.strerror or type(error).__name__})"
            raise UnreadableError(message) from None

    def lines(self, path: Path, limit: int = 2 * LARGEST_PING) -> Iterator[bytes | None]:
        """The lines of a file, gunzipped where needed; None stands for a line over `limit`.

        Of a file to which lines are being added, those that were whole as it was opened.
        """
        try:
            with path.open("rb") as file, _Noted(file, self.begin(path)) as noted:
                packed = file.read(2) == _GZIP
                file.seek(0)
                buffered = io.BufferedReader(noted, 1 << 16)
                whole = gzip.GzipFile(fileobj=buffered) if packed else buffered
                for line in _lines(whole, limit):
                    if line is not None and not line.endswith(b"\n") and noted.has_grown:
                        return
                    yield line
        except (OSError, EOFError, zlib.error) as error:
            message = f"cannot be read to its end ({type(error).__name__})"
            raise UnreadableError(message) from None


class _Noted(io.RawIOBase):
    """A file whose bytes are digested: those that nobody asked for when it is closed.

    It ends where it ended as it was opened: whatever is added to it in the meantime is not read.
    """

    def __init__(self, file: BinaryIO, reading: Reading) -> None:
        self._file, self._reading = file, reading
        self._size = self._left = os.fstat(file.fileno()).st_size

    @property
    def has_grown(self) -> bool:
        return os.fstat(self._file.fileno()).st_size > self._size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a buffer, for which 3.11 has no name
        block = self._next(memoryview(buffer).nbytes)
        memoryview(buffer)[: len(block)] = block
        return len(block)

    def close(self) -> None:
        while not self.closed and not self._file.closed and self._next(1 << 20):
            pass
        super().close()

    def _next(self, most: int) -> bytes:
        block = self._file.read(min(most, self._left))
        self._left -= len(block)
        self._reading.note(block)
        return block


def _lines(file: io.BufferedIOBase, limit: int) -> Iterator[bytes | None]:
    """The lines. Raises UnreadableError at what a few packed bytes could make go on for hours."""
    empty = skipped = 0
    while line := file.readline(limit):
        whole = line.endswith(b"\n") or len(line) < limit
        while not line.endswith(b"\n") and len(line) == limit:
            skipped += limit
            _refuse_endless(skipped > MOST_SKIPPED, "has lines without end; the rest is not read")
            line = file.readline(limit)
        empty = 0 if line.strip() else empty + 1
        _refuse_endless(empty > MOST_EMPTY, "has empty lines without end; the rest is not read")
        yield line if whole else None


def _refuse_endless(refused: bool, reason: str) -> None:  # noqa: FBT001 - what is refused, and why
    if refused:
        raise UnreadableError(reason)


def shown(name: str) -> str:
    """A name as text: a file may be called by any bytes, of which not all are UTF-8."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def stands(path: Path) -> bool:
    """Whether there is a file to read: also one that turns out not to be readable."""
    try:
        return path.is_file() or (path.is_symlink() and not path.is_dir())
    except OSError:
        return True


def exists(path: Path) -> bool:
    """Whether there is something at a path: no, where a folder may not be looked into."""
    try:
        return path.exists()
    except OSError:
        return False


def is_linked_folder(path: Path) -> bool:
    """Whether a path is a link to a directory: none is followed, as it may lead in a circle."""
    return path.is_symlink() and path.is_dir()


def shut(path: Path) -> str | None:
    """Why nothing that is below a directory is read; None for what is no such directory."""
    try:
        if is_linked_folder(path):
            return LINKED
        is_open = not path.is_dir() or os.access(path, os.R_OK | os.X_OK)
    except OSError:  # it lies in a directory that is shut itself
        return None
    return None if is_open else "cannot be listed (Permission denied)"


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
