"""Habits of a command line: quiet, verbose, colours, what is under way, and help with examples."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from auditor.cli import app

Stores = tuple[Path, Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

CLEAN, BROKEN = "firefox-115-clean", "firefox-115-upload-off-on"
FEW = ("--select", "freshness_not_a_time")
HASTY = "from auditor import cli, watching; watching.PATIENCE = {}; cli.main()"


def names(command: object = None, *path: str) -> Iterator[tuple[str, ...]]:
    """Every command, as it is called."""
    group = command or get_command(app)
    for name, part in getattr(group, "commands", {}).items():
        yield from names(part, *path, name) if hasattr(part, "commands") else [(*path, name)]


@pytest.mark.parametrize("command", list(names()), ids=" ".join)
def test_every_help_has_an_example(run: Run, command: tuple[str, ...]) -> None:
    """The help of each command ends in an example of it."""
    told = " ".join(run(*command, "--help").stdout.split())
    assert f"auditor {' '.join(command)}" in told.partition("Example")[2]


def test_quiet(run: Run, recording: Callable[[str], Stores], desk: Path) -> None:
    """Asked to be quiet, an audit prints nothing; its exit code and its report are the same."""
    loud = run("audit", *recording(BROKEN))
    done = run("audit", *recording(BROKEN), "--quiet", "--report", "report.txt")
    assert (loud.returncode, "", "") == (done.returncode, done.stdout, done.stderr)
    assert loud.stdout == (desk / "report.txt").read_text(encoding="utf-8")


def test_quiet_about_everything_but_errors(run: Run, desk: Path) -> None:
    """What went wrong is told though it was asked to be quiet."""
    done = run("audit", desk, "--quiet")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("auditor: nothing was audited")


def test_verbose(run: Run, recording: Callable[[str], Stores]) -> None:
    """Asked to be verbose, standard error tells what was read and examined, and how long."""
    profile, received = recording(BROKEN)
    done = run("audit", profile, received, *FEW, "--verbose")
    steps = re.findall(r"^auditor: (.+): \d+\.\d\d s$", done.stderr, re.MULTILINE)
    assert steps == [
        f"reading {profile} (firefox-profile)",
        f"reading {received} (received-pings)",
        "putting what was read in order",
        "examining keyed_scalars (1 rule)",
    ]
    assert len(steps) == done.stderr.count("\n")


def test_verbose_changes_no_result(run: Run, recording: Callable[[str], Stores]) -> None:
    """What is printed is the same, however much is told beside it."""
    plain = run("audit", *recording(BROKEN), *FEW)
    told = run("audit", *recording(BROKEN), *FEW, "--verbose")
    assert (plain.returncode, plain.stdout) == (told.returncode, told.stdout)


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        pytest.param(["--color", "always"], {}, True, id="always"),
        pytest.param(["--color", "always"], {"NO_COLOR": "1"}, True, id="always, over NO_COLOR"),
        pytest.param(["--color", "never"], {}, False, id="never"),
        pytest.param(["--color", "auto"], {}, False, id="by itself, on no terminal"),
    ],
)
def test_color(
    run: Run,
    recording: Callable[[str], Stores],
    arguments: list[str],
    environment: dict[str, str],
    *,
    colored: bool,
) -> None:
    """Colours are printed as asked."""
    done = run("audit", *recording(BROKEN), *FEW, *arguments, **environment)
    assert colored == ("\x1b[" in done.stdout)


def test_never_in_color_on_a_terminal(recording: Callable[[str], Stores]) -> None:
    """On a terminal too there are no colours where none are wanted."""
    shown, _ = on_terminal(recording(BROKEN), "--color", "never")
    assert (b"BROKEN" in shown, b"\x1b[" in shown) == (True, False)


def on_terminal(stores: Stores, *arguments: str, patience: float = 60) -> tuple[bytes, bytes]:
    """What an audit prints on a terminal, and what it tells of its steps on another."""
    screens = [pty.openpty() for _ in range(2)]
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            HASTY.format(patience),
            "audit",
            *map(str, stores),
            *FEW,
            *arguments,
        ],
        stdout=screens[0][1],
        stderr=screens[1][1],
        env={"PATH": os.environ["PATH"], "TERM": "xterm"},
    ):
        for _, end in screens:
            os.close(end)
        shown, told = (b"".join(read(screen)) for screen, _ in screens)
    return shown, told


def read(screen: int) -> Iterator[bytes]:
    """What is shown until the terminal is closed, which Linux tells as an error."""
    while True:
        try:
            part = os.read(screen, 4096)
        except OSError:
            os.close(screen)
            return
        yield part


def test_what_is_under_way(recording: Callable[[str], Stores]) -> None:
    """On a terminal, work that takes its time tells what it is doing: each step that is seen."""
    _, told = on_terminal(recording(BROKEN), patience=0)
    # The line is drawn a dozen times a second, so that a short step may pass between two.
    assert b"reading " in told or b"examining " in told


def test_short_work_is_silent(recording: Callable[[str], Stores]) -> None:
    """Work that is done before patience is over says nothing, not even for a moment."""
    _, told = on_terminal(recording(BROKEN))
    assert told == b""


def test_completion(run: Run) -> None:
    """The shell completes commands, and the formats of `--format`."""
    installed = "import sys; sys.argv[0] = 'auditor'; from auditor import cli; cli.main()"
    asked = {"_AUDITOR_COMPLETE": "complete_bash", "COMP_CWORD": "4"}
    asked["COMP_WORDS"] = "auditor render a.json --format s"
    assert run(code=installed, **asked).stdout.split() == ["sarif"]
