"""What many tests share: the recordings, and the command line run as a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RECORDINGS = ROOT / "tests" / "recordings"

Stores = tuple[Path, Path]
Run = Callable[..., subprocess.CompletedProcess[str]]


def clean_environment(home: Path) -> dict[str, str]:
    """An environment in which nothing but the arguments decides what the command line does."""
    names = {"PATH", "LANG", "SYSTEMROOT"} & os.environ.keys()
    return {"HOME": str(home), "TMPDIR": str(home)} | {name: os.environ[name] for name in names}


@pytest.fixture
def recording() -> Callable[[str], Stores]:
    """The two stores of a recording, by its name: the profile and what the server received."""
    return lambda name: (RECORDINGS / name / "profile", RECORDINGS / name / "received.ndjson")


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[str], Stores]:
    """A copy of a recording's two stores, to be damaged or added to."""

    def copy(name: str) -> Stores:
        shutil.copytree(RECORDINGS / name / "profile", tmp_path / name / "profile")
        shutil.copy(RECORDINGS / name / "received.ndjson", tmp_path / name)
        return tmp_path / name / "profile", tmp_path / name / "received.ndjson"

    return copy


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """An empty directory in which `run` works, and where relative reports are written."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


@pytest.fixture
def run(tmp_path: Path, desk: Path) -> Run:
    """Run the command line as a user does; `code` runs other Python in its place."""
    home = tmp_path / "home"
    home.mkdir()

    def process(
        *arguments: object, code: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        what = ["-m", "auditor"] if code is None else ["-c", code]
        return subprocess.run(
            [sys.executable, *what, *map(str, arguments)],
            cwd=desk,
            env=clean_environment(home) | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=180,
        )

    return process


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A copy of the project whose rules may be changed: run it with `PYTHONPATH` set to it."""
    folder = tmp_path / "installation"
    for name in ("auditor", "rules"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    return folder
