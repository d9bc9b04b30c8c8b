"""Files that lie about themselves are told apart from files that can be read."""

import gzip
import json
import tracemalloc
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import lz4.block
import pytest

from auditor.stores.files import Source
from auditor.stores.packed import LARGEST_PING, UnreadableError, gunzip, parse_json, unpack_mozlz4

ID = "271df616-30dc-49ed-b8b0-2505b95bf5de"
PLAIN = json.dumps({"enrollmentId": ID, "again": ID}).encode()
BLOCK = bytes(lz4.block.compress(PLAIN, store_size=False))
MAGIC = b"mozLz40\0"


def _mozlz4(size: int, block: bytes = BLOCK, magic: bytes = MAGIC) -> bytes:
    return magic + size.to_bytes(4, "little") + block


def _refusal(read: Callable[[bytes], object], data: bytes) -> str:
    with pytest.raises(UnreadableError) as refused:
        read(data)
    return str(refused.value)


def test_whole_mozlz4() -> None:
    """What Firefox packed is unpacked."""
    assert unpack_mozlz4(_mozlz4(len(PLAIN))) == PLAIN


def test_empty_mozlz4() -> None:
    """An empty content is a header and nothing after it."""
    assert unpack_mozlz4(_mozlz4(0, b"")) == b""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "is not mozLz4", id="nothing at all"),
        pytest.param(_mozlz4(len(PLAIN), magic=b"mozLz41\0"), "is not mozLz4", id="wrong magic"),
        pytest.param(PLAIN, "is not mozLz4", id="JSON without a wrapper"),
        pytest.param(MAGIC + b"\1\0", "is mozLz4 cut short", id="cut inside its size"),
        pytest.param(
            _mozlz4(len(PLAIN), BLOCK[:-5]), "is mozLz4 cut short or damaged", id="cut in its block"
        ),
        pytest.param(
            _mozlz4(len(PLAIN), b""), "is mozLz4 cut short or damaged", id="a size and no block"
        ),
        pytest.param(
            _mozlz4(len(PLAIN) - 1), "is mozLz4 cut short or damaged", id="its size is too small"
        ),
        pytest.param(
            _mozlz4(len(PLAIN) + 1), "is mozLz4 cut short or damaged", id="its size is too large"
        ),
        pytest.param(
            _mozlz4(0xFFFFFFFF),
            "is larger than the 8,388,608 bytes that it may be",
            id="its size is four gigabytes",
        ),
    ],
)
def test_broken_mozlz4(data: bytes, reason: str) -> None:
    """The reason says what is wrong with the wrapper."""
    assert reason == _refusal(unpack_mozlz4, data)


def test_whole_gzip() -> None:
    """What the browser zipped for sending is unzipped."""
    assert gunzip(gzip.compress(PLAIN)) == PLAIN


def test_no_gzip() -> None:
    """What is no gzip is left as it is."""
    assert gunzip(PLAIN) == PLAIN


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(gzip.compress(PLAIN)[:-9], "is gzip cut short", id="cut before its end"),
        pytest.param(gzip.compress(PLAIN)[:5], "is gzip cut short", id="cut in its header"),
        pytest.param(b"\x1f\x8b" + PLAIN, "is not whole gzip", id="magic before plain text"),
        pytest.param(
            gzip.compress(PLAIN)[:-8] + bytes(8), "is not whole gzip", id="its checksum is wrong"
        ),
    ],
)
def test_broken_gzip(data: bytes, reason: str) -> None:
    """The reason says what is wrong with the wrapper."""
    assert reason == _refusal(gunzip, data)


@pytest.mark.parametrize(
    ("read", "bomb"),
    [
        pytest.param(gunzip, gzip.compress(bytes(100 << 20), 1), id="gzip"),
        pytest.param(
            unpack_mozlz4,
            _mozlz4(100, bytes(lz4.block.compress(bytes(100 << 20), store_size=False))),
            id="mozLz4 with a small size",
        ),
        pytest.param(unpack_mozlz4, _mozlz4(LARGEST_PING + 1, b""), id="mozLz4 with a true size"),
    ],
)
def test_bomb(read: Callable[[bytes], bytes], bomb: bytes) -> None:
    """A hundred megabytes packed small take no more memory than a ping may."""
    tracemalloc.start()
    _refusal(read, bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * LARGEST_PING


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "is not JSON (line 1, column 1)", id="nothing at all"),
        pytest.param(PLAIN[:-3], "is not JSON (line 1, column 67)", id="cut short"),
        pytest.param(PLAIN + PLAIN, "is not JSON (line 1, column 106)", id="two values"),
        pytest.param(b"\xef\xbb\xbf{}", "is not JSON (line 1, column 1)", id="a byte order mark"),
        pytest.param(b'{"a":\xff}', "is not UTF-8 (byte 5)", id="no UTF-8"),
        pytest.param(b'"\xed\xa0\x80"', "is not UTF-8 (byte 1)", id="a surrogate as bytes"),
        pytest.param(b"[" * 100_000, "is JSON nested too deeply", id="nested without end"),
        pytest.param(
            b"9" * 5000, "is JSON with a number too long to read", id="a number of 5000 digits"
        ),
    ],
)
def test_broken_json(data: bytes, reason: str) -> None:
    """The reason says where the text ceases to be JSON."""
    assert reason == _refusal(parse_json, data)


def test_large_json() -> None:
    """A text that is larger than a ping may be is not parsed."""
    reason = _refusal(parse_json, b" " * (LARGEST_PING + 1))
    assert reason == "is larger than the 8,388,608 bytes that it may be"


@pytest.mark.parametrize(
    ("read", "data"),
    [
        pytest.param(unpack_mozlz4, _mozlz4(5), id="mozLz4"),
        pytest.param(gunzip, b"\x1f\x8b" + PLAIN, id="gzip"),
        pytest.param(parse_json, PLAIN[:-3], id="JSON cut short"),
        pytest.param(parse_json, PLAIN + PLAIN, id="JSON twice"),
        pytest.param(parse_json, PLAIN + b"\xff", id="JSON with a byte that is no UTF-8"),
    ],
)
def test_reason_tells_nothing(read: Callable[[bytes], object], data: bytes) -> None:
    """Nothing of what stood in the input is in the reason."""
    reason = _refusal(read, data)
    assert [part for part in (ID[:8], "enrollmentId", "again") if part in reason] == []


def test_reason_has_no_cause() -> None:
    """No traceback can show the input through the error's cause."""
    with pytest.raises(UnreadableError) as refused:
        parse_json(PLAIN + b"\xff")
    assert (refused.value.__cause__, refused.value.__suppress_context__) == (None, False)


def test_larger_than_its_limit(tmp_path: Path) -> None:
    """A file over its limit is not opened."""
    path = tmp_path / "large"
    path.write_bytes(bytes(11))
    with pytest.raises(UnreadableError, match=r"^is 11 bytes, more than the 10 that it may be$"):
        Source(tmp_path).read(path, limit=10)


def test_missing_file(tmp_path: Path) -> None:
    """A file that is gone is told by the system's own words, without its path."""
    with pytest.raises(UnreadableError, match=r"^cannot be opened \(No such file or directory\)$"):
        Source(tmp_path).read(tmp_path / "gone")


def test_digest_of_other_content(tmp_path: Path) -> None:
    """Two stores that differ in one byte have different digests and different keys."""
    one, two = tmp_path / "one", tmp_path / "two"
    sources = [_source_of(one, b"a"), _source_of(two, b"b")]
    assert len({(source.digest, source.key) for source in sources}) == len(sources)


def test_digest_of_other_place(tmp_path: Path) -> None:
    """The same store in another folder has the same digest."""
    one, two = tmp_path / "one", tmp_path / "two"
    assert _source_of(one, b"a").digest == _source_of(two, b"a").digest


def _source_of(root: Path, data: bytes) -> Source:
    root.mkdir()
    (root / "file").write_bytes(data)
    source = Source(root)
    source.read(root / "file")
    return source


def test_line_over_its_limit(tmp_path: Path) -> None:
    """In the place of a line that is too long stands nothing, and the next is read."""
    path = tmp_path / "lines"
    path.write_bytes(b"short\n" + b"x" * 100 + b"\nlast")
    assert list(Source(path).lines(path, limit=10)) == [b"short\n", None, b"last"]


@pytest.mark.parametrize(
    ("data", "value"),
    [
        pytest.param(b'{"a": NaN}', "{'a': nan}", id="no number"),
        pytest.param(b'["\\ud83e"]', "['\\ud83e']", id="half a surrogate pair"),
        pytest.param(b"[1e400]", "[inf]", id="a fraction beyond all"),
        pytest.param(b'{"a": 1, "a": 2}', "{'a': 2}", id="a key twice"),
    ],
)
def test_odd_json(data: bytes, value: str) -> None:
    """What only the slower of the two parsers reads is read."""
    assert value == repr(parse_json(data))


@pytest.mark.parametrize(
    ("before", "after", "rest"),
    [
        pytest.param(b"a\nb\n", b"c\n", [b"b\n"], id="a line is added"),
        pytest.param(b"a\nb\n", b"c", [b"b\n"], id="a line is begun"),
        pytest.param(b"a\nb", b"b\nc\n", [], id="a line is ended"),
        pytest.param(b"a\nb", b"", [b"b"], id="nothing is added"),
    ],
)
def test_a_file_that_grows(tmp_path: Path, before: bytes, after: bytes, rest: list[bytes]) -> None:
    """Lines are read that were whole as the file was opened, and digested with what was there."""
    path = tmp_path / "growing"
    path.write_bytes(before)
    source = Source(path)
    lines = source.lines(path)
    assert next(lines) == b"a\n"
    with path.open("ab") as file:
        file.write(after)
    assert rest == list(lines)
    assert [f"sha256:{sha256(before).hexdigest()}"] == [each.digest for each in source.readings]


def test_a_packed_file_that_grows(tmp_path: Path) -> None:
    """What is added to a packed file is not read either."""
    path = tmp_path / "growing"
    path.write_bytes(gzip.compress(b"a\nb\n"))
    lines = Source(path).lines(path)
    first = next(lines)
    with path.open("ab") as file:
        file.write(gzip.compress(b"c\n"))
    assert [first, *lines] == [b"a\n", b"b\n"]
