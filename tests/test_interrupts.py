"""An audit that is interrupted ends at once, in one line, and leaves no file behind."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from auditor.simulate import fleet
from auditor.simulate.forms import Form
from tests.conftest import clean_environment

SOON = 5.0
"""Seconds: five times what is promised, as other tests may keep the machine busy."""

QUERY = """
from auditor import interrupts
from auditor.stores.room import Room
try:
    with interrupts.interruptible():
        print("ready", flush=True)
        {}
except interrupts.InterruptedAudit:
    interrupts.end_process()
"""
ENDLESS = "SELECT count(*) FROM range(1000000000000) AS many(n) WHERE hash(n) % 7 = 3"

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet that takes its time to be read, and to be examined."""
    folder = tmp_path_factory.mktemp("crowd") / "crowd"
    fleet.simulate(fleet.Request(3000, 1, folder, Form.NDJSON))
    return next(folder.glob("fleet*"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where a process has its temporary files."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@contextmanager
def started(home: Path, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """A process under way, of which everything is ended that is left."""
    with subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=home,
        env=clean_environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def interrupted(process: "subprocess.Popen[str]") -> tuple[int, str, bool]:
    """How a process ends that is interrupted now, what it says then, and whether it is soon."""
    before = monotonic()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    return process.returncode, told, monotonic() - before < SOON


@pytest.mark.parametrize(
    "step",
    [
        pytest.param("reading", id="while the second store is read"),
        pytest.param("putting what was read in order", id="while the rules are examined"),
    ],
)
def test_an_audit(
    home: Path, crowd: Path, recording: Callable[[str], tuple[Path, Path]], step: str
) -> None:
    """Whatever an audit is doing, it ends with 130 and one line; no file of its own is left."""
    _, received = recording("firefox-115-clean")
    command = ("-m", "auditor", "audit", received, crowd, "--verbose", "--report", "out.json")
    with started(home, *command) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(f"auditor: {step}"):
                break
        code, told, soon = interrupted(process)
    assert (code, soon) == (130, True)
    assert [line for line in told.splitlines() if " s" not in line] == ["auditor: interrupted"]
    assert [*home.iterdir()] == []


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(f'Room().rows("{ENDLESS}")', id="a query whose rows are asked for"),
        pytest.param(f'Room().make("t", "{ENDLESS}")', id="a query that makes a table"),
        pytest.param("__import__('time').sleep(600)", id="no query at all"),
    ],
)
def test_a_query(home: Path, work: str) -> None:
    """Nobody waits for a query to end."""
    with started(home, "-c", QUERY.format(work)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert interrupted(process) == (130, "auditor: interrupted\n", True)
    assert [*home.iterdir()] == []


LOST = """
from time import sleep

class Thing:
    def __del__(self):
        print("ready", flush=True)
        sleep(600)

from auditor import interrupts
try:
    with interrupts.interruptible():
        Thing()
        sleep(600)
except interrupts.InterruptedAudit:
    interrupts.end_process()
"""


def test_an_interruption_that_is_lost(home: Path) -> None:
    """Where Python lets go of something it hears of no error: the process ends without a word."""
    with started(home, "-c", LOST) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert interrupted(process) == (130, "auditor: interrupted\n", True)
