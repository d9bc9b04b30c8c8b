"""The ready-made jobs: the GitHub action is run as its runner would, the hook takes recordings."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CLEAN, BROKEN = "firefox-115-clean", "firefox-115-upload-off-on"

Stores = tuple[Path, Path]


def read(name: str) -> Any:  # noqa: ANN401 - whatever the file says
    """A file of the project's top, as YAML."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture
def act(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the action's audit with these stores and options, in a folder of its own."""
    tool = tmp_path / "bin" / "auditor"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m auditor "$@"\n')
    tool.chmod(0o755)
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}

    def run(stores: str, options: str = "") -> subprocess.CompletedProcess[str]:
        (script,) = (step["run"] for step in read("action.yml")["runs"]["steps"] if "id" in step)
        given = {"STORES": stores, "OPTIONS": options, "REPORT": "auditor.json"}
        path = f"{tool.parent}:{os.environ['PATH']}"
        return subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=tmp_path,
            env={"PATH": path, "HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path)} | files | given,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

    return run


@pytest.mark.parametrize(
    ("name", "options", "code"),
    [(CLEAN, "", 0), (BROKEN, "", 1), (BROKEN, "--fail-on=never\n\n--grace=60\n", 0)],
    ids=["kept", "broken", "broken, with options that ask not to fail"],
)
def test_action(  # noqa: PLR0913, PLR0917 - a case and what it needs
    act: Callable[..., subprocess.CompletedProcess[str]],
    recording: Callable[[str], Stores],
    tmp_path: Path,
    name: str,
    options: str,
    code: int,
) -> None:
    """The action exits as the audit does, and leaves a report, a summary and the exit code."""
    done = act("\n".join(map(str, recording(name))) + "\n", options)
    summary = (tmp_path / "GITHUB_STEP_SUMMARY").read_text().partition("\n")[0]
    output = (tmp_path / "GITHUB_OUTPUT").read_text()
    assert (code, "# Privacy audit", f"exit-code={code}\n", True) == (
        done.returncode,
        summary,
        output,
        (tmp_path / "auditor.json").is_file(),
    )


def test_action_runs_nothing_that_it_is_given(
    act: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """A store's name is a name, whatever stands in it."""
    done = act("$(touch ran); touch ran\n--help")
    assert (done.returncode, (tmp_path / "ran").exists()) == (2, False)


def test_inputs_reach_no_script() -> None:
    """No script of the action is made of what it is given."""
    scripts = [step.get("run", "") for step in read("action.yml")["runs"]["steps"]]
    assert [script for script in scripts if "${{" in script] == []


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("a/received.ndjson", True),
        ("a/received.ndjson.gz", True),
        ("a/1.event.jsonlz4", True),
        ("package.json", False),
        ("a/received.ndjson.md", False),
    ],
)
def test_hook(name: str, is_taken: bool) -> None:  # noqa: FBT001 - a case's own
    """The hook takes recordings, and nothing else that is committed."""
    (hook,) = read(".pre-commit-hooks.yaml")
    seen = hook["entry"], bool(re.search(hook["files"], name))
    assert ("auditor audit", is_taken) == seen
