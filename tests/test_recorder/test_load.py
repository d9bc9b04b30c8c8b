"""Many clients, slow clients, and the end of the process at the worst moment."""

import itertools
import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.test_recorder.running import COMMAND, Answer, Recorder, ask, id_of, ping, recording

CLIENTS = 200
EACH = 5
IMPATIENT = f"import auditor.recorder.server as s; s.PATIENCE = 1.0; {COMMAND}"
PING = ping()
HEAD = f"POST {PING.path} HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
HALVES = {
    "nothing": b"",
    "half a line": HEAD[:20].encode(),
    "half the headers": HEAD.encode(),
    "half a body": f"{HEAD}Content-Length: {len(PING.body)}\r\n\r\n".encode() + PING.body[:9],
    "a chunk of many": f"{HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\n\x1f\r\n".encode(),
}


def kept(store: Path) -> list[str]:
    """The document ids in a store, each as often as it is there."""
    with closing(sqlite3.connect(store)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [document for (document,) in database.execute("SELECT ping FROM pings")]


def test_many_clients(recorder: Recorder, store: Path) -> None:
    """Clients that post at the same moment are all answered, and all that they posted is kept."""
    start = threading.Barrier(CLIENTS)

    def client(_: int) -> list[tuple[str, int]]:
        with closing(recorder.connect()) as connection:
            connection.connect()
            start.wait()
            pings = [ping() for _ in range(EACH)]
            return [
                (id_of(one), ask(connection, "POST", one.path, one.body, one.encoding).status)
                for one in pings
            ]

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = dict(itertools.chain.from_iterable(pool.map(client, range(CLIENTS))))
    assert recorder.stop() == 0
    assert {200} == set(answers.values())
    assert sorted(answers) == sorted(kept(store))
    assert f"pings stored: {CLIENTS * EACH}," in recorder.log


def test_killed(recorder: Recorder, store: Path) -> None:
    """After `kill -9` under load, every ping that was acknowledged is in the store."""
    acknowledged: set[str] = set()
    posted: set[str] = set()

    def client(_: int) -> None:
        with closing(recorder.connect()) as connection:
            while True:
                one = ping()
                posted.add(id_of(one))
                try:
                    answer = ask(connection, "POST", one.path, one.body, one.encoding)
                except (OSError, HTTPException):
                    return
                if answer.status == 200:
                    acknowledged.add(id_of(one))

    with ThreadPoolExecutor(50) as pool:
        clients = pool.map(client, range(50))
        wait_until(lambda: len(acknowledged) > 300)
        recorder.process.kill()
        list(clients)
    assert recorder.process.wait(30) == -9
    assert acknowledged <= set(kept(store)) <= posted
    with recording(store) as again:
        assert again.post(PING).status == 200
    assert acknowledged | {id_of(PING)} <= set(kept(store))


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_half_a_request(store: Path, half: bytes) -> None:
    """Whoever stops in the middle is waited for only so long; others are answered meanwhile."""
    with recording(store, code=IMPATIENT) as recorder, recorder.raw(half) as connection:
        assert recorder.post(ping()).status == 200
        start = time.monotonic()
        assert ended(connection)
        assert time.monotonic() - start < 5
        assert recorder.post(ping()).status == 200


def test_a_trickle(store: Path) -> None:
    """A client that sends a byte now and then is not waited for longer."""
    with recording(store, code=IMPATIENT) as recorder, recorder.raw() as connection:
        sent = 0
        with pytest.raises(OSError):  # noqa: PT011, PT012 - a reset or a broken pipe
            for byte in HEAD.encode() * 9:
                connection.sendall(bytes([byte]))
                sent += 1
                time.sleep(0.05)
        assert 5 < sent < 100


def test_a_slow_client_that_ends(recorder: Recorder) -> None:
    """A ping that comes in pieces is taken in when it is whole."""
    length = f"Content-Length: {len(PING.body)}\r\n\r\n"
    with recorder.raw(HEAD.encode()) as connection:
        for piece in pieces_of(length.encode() + PING.body):
            connection.sendall(piece)
            time.sleep(0.02)
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def test_half_open(store: Path) -> None:
    """Hundreds of clients that connect and say nothing keep nobody else out."""
    with recording(store, code=IMPATIENT) as recorder:
        silent = [recorder.raw() for _ in range(500)]
        assert recorder.post(ping()).status == 200
        assert all(ended(connection) for connection in silent)
        assert recorder.post(ping()).status == 200
        for connection in silent:
            connection.close()


def test_gone_before_the_answer(recorder: Recorder) -> None:
    """A client that leaves without waiting for its answer harms nobody."""
    request = f"{HEAD}Content-Length: {len(PING.body)}\r\n\r\n".encode() + PING.body
    for _ in range(20):
        recorder.raw(request).close()
    assert recorder.post(ping()) == Answer(200, "stored\n")
    assert recorder.stop() == 0


def ended(connection: socket.socket) -> bool:
    """Whether the other side ends the connection, with an answer or without."""
    try:
        while connection.recv(1000):
            pass
    except ConnectionResetError:
        pass
    return True


def wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def pieces_of(data: bytes, size: int = 40) -> list[bytes]:
    """The data in pieces."""
    return [data[start : start + size] for start in range(0, len(data), size)]
