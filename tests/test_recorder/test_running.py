"""The recorder as a process: where it listens, how it ends, and what it says on the way."""

import json
import re
import signal
import sqlite3
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.test_recorder.running import (
    COMMAND,
    Answer,
    Recorder,
    of_recording,
    path_of,
    ping,
    recording,
)

Run = Callable[..., CompletedProcess[str]]

ID = "5ec7e700-0000-4000-8000-00005ec7e700"
FAILING = f"""
from auditor.stores.own.writing import Writer
def append(self, messages):
    raise {{error}}("{ID}")
Writer.append = append
{COMMAND}"""


def values(part: object) -> Iterator[str]:
    """Every text of some length in a ping, but for the words of its format."""
    if isinstance(part, dict):
        for value in part.values():
            yield from values(value)
    elif isinstance(part, list):
        for value in part:
            yield from values(value)
    elif isinstance(part, str) and len(part) > 8:
        yield part


def test_without_the_extra(run: Run, desk: Path) -> None:
    """Whoever has not installed the web server is told how, in one sentence."""
    code = f"import sys; sys.modules['uvicorn'] = None; {COMMAND}"
    done = run("record", "--into", "store.db", code=code)
    assert done.returncode == 2
    assert done.stderr == ("auditor: `record` needs a web server: pip install 'auditor[record]'\n")
    assert list(desk.iterdir()) == []


@pytest.mark.parametrize("into", ["notes.txt", ".", "missing/store.db"])
def test_no_store(run: Run, desk: Path, into: str) -> None:
    """What is no store is left as it is, and told in one sentence."""
    (desk / "notes.txt").write_text("not a store, and longer than the head of a database" * 9)
    done = run("record", "--into", into, "--listen", "127.0.0.1:0")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(rf"auditor: {re.escape(into)}: [^\n]+\n", done.stderr)
    assert [file.name for file in desk.iterdir()] == ["notes.txt"]


def test_told_how_to_point_firefox_at_it(recorder: Recorder) -> None:
    """The preferences that it prints are those of this recorder."""
    assert f'"toolkit.telemetry.server", "{recorder.url}"' in recorder.log
    assert f'"telemetry.fog.test.localhost_port", {recorder.port}' in recorder.log


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_stopped(recorder: Recorder, store: Path, by: signal.Signals) -> None:
    """A signal stops it cleanly: what was posted is in one file that only its owner can read."""
    one = ping()
    with closing(recorder.connect()) as idle, recorder.raw(b"POST /"):
        idle.connect()
        assert recorder.post(one).status == 200
        assert recorder.stop(by) == 0
    assert "stopped (pings stored: 1, requests refused: 0)" in recorder.log
    assert list(store.parent.glob("store.db-*")) == []
    assert stat.S_IMODE(store.stat().st_mode) == 0o600


def test_stopped_at_once(store: Path) -> None:
    """A signal that comes before the first request stops it just as well."""
    with recording(store) as recorder:
        assert recorder.stop() == 0


def test_started_again(store: Path) -> None:
    """What is recorded later is added to what is there."""
    for _ in range(2):
        with recording(store) as recorder:
            recorder.post(ping())
            recorder.stop()
    with closing(sqlite3.connect(store)) as database:
        assert database.execute("SELECT count(*) FROM pings").fetchone() == (2,)


def test_nothing_of_a_ping_is_told(recorder: Recorder) -> None:
    """No value of a ping is in what the recorder writes or answers, whether it is taken or not."""
    told = []
    secrets: set[str] = set()
    for one, _ in of_recording("firefox-115-upload-off-on"):
        plain = zlib.decompress(one.body, wbits=31)
        secrets |= set(values(json.loads(plain)))
        told.append(recorder.post(one).text)
        for spoilt in (one.body[:-9], plain[:-9], plain + b"x", plain[1:-1], b"[" + plain + b"]"):
            answer = recorder.post(one._replace(body=spoilt))
            assert answer.status == 400
            told.append(answer.text)
    recorder.stop()
    assert len(secrets) > 100
    assert [secret for secret in secrets if secret in recorder.log + "".join(told)] == []


@pytest.mark.parametrize("error", ["OSError", "ValueError", "__import__('sqlite3').Error"])
def test_store_fails(store: Path, error: str) -> None:
    """A ping that cannot be written is not acknowledged: the browser is to send it again."""
    with recording(store, code=FAILING.format(error=error)) as recorder:
        assert recorder.post(ping(ID)) == Answer(503, "not stored\n")
        assert recorder.ask("GET", "/").status == 200
        assert ID not in recorder.log
        assert "a ping was not stored" in recorder.log


def test_put_and_plain(recorder: Recorder) -> None:
    """A ping may be put as well as posted, and need not be packed."""
    body = json.dumps({"id": ID, "type": "event", "payload": {}})
    assert recorder.ask("PUT", path_of(ID), body) == Answer(200, "stored\n")


def test_received(recorder: Recorder, store: Path) -> None:
    """The time of receipt is the recorder's clock, and the source tells no more than the id."""
    recorder.post(ping(ID, application={"channel": "private-channel"}))
    recorder.stop()
    with closing(sqlite3.connect(store)) as database:
        row = database.execute("SELECT ping, source, received FROM pings").fetchone()
    assert row[:2] == (ID, f"submit/{ID}")
    assert 0 <= store.stat().st_mtime * 1000 - row[2] < 60_000
