"""What the recorder refuses: told by status, with nothing echoed, and it goes on answering."""

import gzip
import json
import zlib
from collections.abc import Iterator
from uuid import uuid4

import pytest

from auditor.stores.packed import LARGEST_PING
from tests.test_recorder.running import Answer, Recorder, path_of, ping

VALUE = "5ec7e700-0000-4000-8000-00005ec7e700"
PATH = path_of(str(uuid4()))
GLEAN = f"/submit/firefox-desktop/events/1/{uuid4()}"
TOO_LARGE = b" " * (LARGEST_PING + 1)
WRONG_PATHS = {
    "no path of the server": "/favicon.ico",
    "nothing below submit": "/submit/",
    "a ping without an id": "/submit/telemetry/event/Firefox/115.14.0/esr/20240801134912",
    "a ping with half a path": f"/submit/telemetry/{VALUE}/event",
    "a path with more at its end": f"{PATH.partition('?')[0]}/more",
    "a Glean ping without a version": f"/submit/firefox-desktop/events/{VALUE}",
    "a path upwards": f"/submit/../submit/firefox-desktop/events/1/{VALUE}",
}
BROKEN = {
    "nothing": b"",
    "no JSON": b"{" + VALUE.encode(),
    "no UTF-8": b'"\xff' + VALUE.encode(),
    "a list": json.dumps([VALUE]).encode(),
    "an object that is no ping": json.dumps({"clientId": VALUE}).encode(),
    "an id that is none": json.dumps({"id": f"{VALUE}!", "type": "event"}).encode(),
    "a payload that is a text": json.dumps({"id": VALUE, "type": "e", "payload": VALUE}).encode(),
    "JSON that is nested too deeply": b"[" * 1_000_000,
    "a number that is too long": b"1" * 10_000,
    "what looks like gzip": b"\x1f\x8b" + VALUE.encode(),
}
BROKEN_GZIP = {
    "no gzip at all": VALUE.encode(),
    "gzip cut short": ping(VALUE).body[:-4],
    "gzip with a byte changed": ping(VALUE).body[:-6] + b"\0" + ping(VALUE).body[-5:],
    "gzip of nothing": gzip.compress(b""),
}


@pytest.fixture
def alive(recorder: Recorder) -> Iterator[Recorder]:
    """A recorder that must still take a ping in after the test, and have told nothing of a ping."""
    yield recorder
    assert recorder.post(ping()) == Answer(200, "stored\n")
    assert VALUE not in recorder.log


@pytest.mark.parametrize("path", WRONG_PATHS.values(), ids=WRONG_PATHS)
def test_wrong_path(alive: Recorder, path: str) -> None:
    """A path at which no ping is taken is not found, and is not repeated."""
    assert alive.ask("POST", path, b"{}") == Answer(404, "no ping is taken at this path\n")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "OPTIONS", "BREW"])
@pytest.mark.parametrize("path", [PATH, GLEAN], ids=["legacy", "glean"])
def test_wrong_method(alive: Recorder, method: str, path: str) -> None:
    """Pings are posted or put, and nothing else is done with them."""
    assert alive.ask(method, path) == Answer(405, "not with this method\n")


def test_start_page(alive: Recorder) -> None:
    """Whoever opens the address in a browser reads what it is."""
    assert alive.ask("GET", "/").status == 200
    assert "records telemetry" in alive.ask("GET", "/").text
    assert alive.ask("POST", "/", b"{}").status == 405


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_no_ping(alive: Recorder, body: bytes) -> None:
    """A body that is no ping is refused, and nothing of it is repeated."""
    answer = alive.ask("POST", PATH, body)
    assert answer.status == 400
    assert VALUE not in answer.text


@pytest.mark.parametrize("body", BROKEN_GZIP.values(), ids=BROKEN_GZIP)
def test_broken_gzip(alive: Recorder, body: bytes) -> None:
    """A body that is not the whole gzip it is said to be is refused."""
    answer = alive.ask("POST", PATH, body, **{"Content-Encoding": "gzip"})
    assert answer.status == 400
    assert VALUE not in answer.text


def test_other_encoding(alive: Recorder) -> None:
    """No browser packs its pings otherwise than with gzip."""
    answer = alive.ask("POST", PATH, b"{}", **{"Content-Encoding": "br"})
    assert answer == Answer(415, "the body has an encoding other than gzip\n")


def test_too_large_as_declared(alive: Recorder) -> None:
    """A body that is said to be too large is refused before a byte of it has come."""
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: {LARGEST_PING + 1}\r\n\r\n"
    with alive.raw(head.encode()) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_too_large_as_it_comes(alive: Recorder) -> None:
    """A body of no declared size is refused once it is too large."""
    pieces = iter([TOO_LARGE[: 1 << 20]] * 9)
    answer = alive.ask("POST", PATH, pieces)
    assert answer.status == 413


@pytest.mark.parametrize("size", [LARGEST_PING + 1, 1 << 30], ids=["a byte too many", "1 GiB"])
def test_gzip_bomb(alive: Recorder, size: int) -> None:
    """What would be too large once unpacked is not unpacked."""
    answer = alive.ask("POST", PATH, _packed(size), **{"Content-Encoding": "gzip"})
    assert answer.status == 413


def test_largest_ping(alive: Recorder) -> None:
    """A ping that is as large as it may be is taken in."""
    small = json.dumps({"id": str(uuid4()), "type": "event", "payload": {}}).encode()
    whole = small + b" " * (LARGEST_PING - len(small))
    assert alive.ask("POST", PATH, whole).status == 200
    packed = gzip.compress(whole)
    assert alive.ask("PUT", PATH, packed, **{"Content-Encoding": "gzip"}).status == 200


def test_no_http(alive: Recorder) -> None:
    """What is no HTTP at all is answered without being repeated."""
    with alive.raw(f"{VALUE}\r\n\r\n".encode()) as connection:
        answer = connection.recv(1000)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert VALUE.encode() not in answer


def _packed(size: int) -> bytes:
    """Zeros of a size, packed a piece at a time."""
    packer = zlib.compressobj(wbits=31)
    pieces = [packer.compress(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"".join([*pieces, packer.compress(bytes(size % (1 << 20))), packer.flush()])
