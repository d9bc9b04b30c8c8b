"""Reading evidence: whole files, read once, never altered, never larger than they may be.

Every byte that a store's reader takes in goes through a `Source`, which digests it: `digest` is
shown in the report, `key` never is (it keys the tokens that stand for identifiers).
"""

import gzip
import hashlib
import io
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from auditor.stores.packed import LARGEST_PING, UnreadableError, is_gzip
from auditor.stores.places import shown

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of a store's other files: preferences, JSON stores, SQLite databases."""

MOST_EMPTY = 1_000
"""Empty lines one after the other, after which a file is taken for something else."""

MOST_SKIPPED = 4 * LARGEST_PING
"""Bytes of lines too long to be pings, after which a file is taken for something else."""


class Reading:
    """One input as it is read, which digests what passes."""

    def __init__(self, name: str) -> None:
        """Nothing has been read yet of what is called `name`, seen from the store's root."""
        self.name = name
        self._digest = hashlib.sha256()

    @property
    def digest(self) -> str:
        """`sha256:…` over the bytes of the file."""
        return f"sha256:{self._digest.hexdigest()}"

    @property
    def key(self) -> bytes:
        """Bytes that only a holder of the file can derive: no digest that is shown tells them."""
        longer = self._digest.copy()
        longer.update(b"auditor-tokens" + self.name.encode(errors="surrogatepass"))
        return longer.digest()

    def note(self, data: bytes) -> None:
        """Take `data` into the digest."""
        self._digest.update(data)


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
                packed = is_gzip(file.read(2))
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
