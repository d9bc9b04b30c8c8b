"""A recorder run as a process of its own, and what browsers would post to it."""

import base64
import gzip
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from tests.conftest import ROOT, clean_environment

RECORDINGS = ROOT / "tests" / "recordings"
COMMAND = "from auditor.cli import main; main()"


class Answer(NamedTuple):
    """What the recorder answered."""

    status: int
    text: str


class Posted(NamedTuple):
    """A ping as it is posted: its path with query, and its body."""

    path: str
    body: bytes

    @property
    def encoding(self) -> dict[str, str]:
        """The header that tells of gzip."""
        return {"Content-Encoding": "gzip"} if self.body.startswith(b"\x1f\x8b") else {}


class Recorder:
    """A recorder under way."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        """Wait until it says where it listens."""
        assert process.stdout
        line = process.stdout.readline()
        found = re.fullmatch(r"listening on (http://(\S+):(\d+))\n", line)
        assert found, log.read_text(encoding="utf-8")
        self.process = process
        self.url, self.host, self.port = found[1], found[2], int(found[3])
        self._log = log

    @property
    def log(self) -> str:
        """What it wrote to standard error so far."""
        return self._log.read_text(encoding="utf-8")

    def connect(self) -> http.client.HTTPConnection:
        """A connection, to be kept for many requests."""
        return http.client.HTTPConnection(self.host, self.port, timeout=30)

    def raw(self, data: bytes = b"") -> socket.socket:
        """A connection over which bytes are sent that need not be HTTP."""
        connection = socket.create_connection((self.host, self.port), timeout=30)
        connection.sendall(data)
        return connection

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """One request on a connection of its own."""
        connection = self.connect()
        try:
            return ask(connection, method, path, body, headers)
        finally:
            connection.close()

    def post(self, ping: Posted) -> Answer:
        """Post a ping as a browser does."""
        return self.ask("POST", ping.path, ping.body, **ping.encoding)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal, and wait for its exit code."""
        self.process.send_signal(by)
        return self.process.wait(30)


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: object = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """One request on a connection that is kept."""
    connection.request(method, path, body, headers or {})  # type: ignore[arg-type] # bytes or chunks
    response = connection.getresponse()
    return Answer(response.status, response.read().decode())


@contextmanager
def recording(
    store: Path, *arguments: str, code: str = COMMAND, listen: str = "127.0.0.1:0"
) -> Iterator[Recorder]:
    """A recorder that adds to a store; `code` runs other Python in the command line's place."""
    log = store.with_suffix(".log")
    command = ["record", "--into", str(store), "--listen", listen, *arguments]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-c", code, *command],
            cwd=ROOT,
            env=clean_environment(store.parent),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
        ) as process,
    ):
        try:
            yield Recorder(process, log)
        finally:
            process.kill()


def of_recording(name: str) -> list[tuple[Posted, dict[str, str]]]:
    """Every ping that a recording's server received, with the attributes it was received with."""
    text = (RECORDINGS / name / "received.ndjson").read_text(encoding="utf-8")
    messages = [json.loads(line) for line in text.splitlines()]
    return [
        (
            Posted(message["attributeMap"]["uri"], base64.b64decode(message["payload"])),
            message["attributeMap"],
        )
        for message in messages
    ]


def path_of(document: str, kind: str = "event") -> str:
    """The path to which Firefox posts its own pings."""
    return f"/submit/telemetry/{document}/{kind}/Firefox/115.14.0/esr/20240801134912?v=4"


def ping(document: str | None = None, **fields: object) -> Posted:
    """A small ping of Firefox's own."""
    document = document or str(uuid4())
    body = {"type": "event", "id": document, "version": 4, "payload": {}} | fields
    return Posted(path_of(document), gzip.compress(json.dumps(body).encode()))


def id_of(ping: Posted) -> str:
    """The document id of one of Firefox's own pings."""
    return ping.path.split("/")[3]
