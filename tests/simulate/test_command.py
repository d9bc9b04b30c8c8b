"""The command `simulate`: what it tells, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]


def test_what_was_written_is_told(run: Run, desk: Path) -> None:
    """One line with the sizes; the store and its labels lie in the directory."""
    done = run("simulate", "--clients", 20, "--seed", 1, "--into", "fleet", "--form", "sqlite")
    told = done.stdout.split()
    assert (done.returncode, told[:3]) == (0, ["fleet:", "20", "clients,"])
    assert {"fleet.db", "labels.parquet"} == {path.name for path in (desk / "fleet").iterdir()}


def test_what_was_written_can_be_audited(run: Run) -> None:
    """The audit of a healthy fleet ends with 0, of one with a planted breach with 1."""
    run("simulate", "--clients", 20, "--into", "well", "--form", "sqlite")
    run("simulate", "--clients", 20, "--into", "ill", "--form", "sqlite", "--plant", "all=1")
    codes = [run("audit", f"{name}/fleet.db").returncode for name in ("well", "ill")]
    assert codes == [0, 1]


@pytest.mark.parametrize("form", ["parquet", "ndjson", "flattened"])
def test_the_directory_of_a_fleet_can_be_audited(form: str, run: Run) -> None:
    """Its labels, and recipes beside it, are left out, which is told to whoever asks."""
    asked = () if form == "flattened" else ("--plant", "preference_value_reported=1")
    run("simulate", "--clients", 20, "--into", "all", "--form", form, *asked)
    done = run("audit", "all", "--format", "json", "--verbose", "--fail-on", "never")
    (store,) = json.loads(done.stdout)["stores"]
    beside = {"labels.parquet"} | ({"recipes.json"} if asked else set())
    assert (done.returncode, store["unreadable"], set(store["ignored"])) == (0, [], beside)
    assert "auditor: all: labels.parquet: holds no telemetry, and was left out\n" in done.stderr


@pytest.mark.parametrize("form", ["sqlite", "profiles"])
def test_the_directory_around_a_store_is_none(form: str, run: Run) -> None:
    """A fleet that is a store of ours, or profiles, is audited by itself."""
    run("simulate", "--clients", 20, "--into", "all", "--form", form)
    done = run("audit", "all")
    hint = "did you mean all/fleet.db?" if form == "sqlite" else "no telemetry store that is known"
    assert (done.returncode, hint in done.stderr) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("--plant", "no_rule=3"), "no_rule=3", id="an unknown rule"),
        pytest.param(("--plant", "unenroll_failed=x"), "unenroll_failed=x", id="no number"),
        pytest.param(
            ("--form", "flattened", "--plant", "all"), "flattened", id="a form without pings"
        ),
        pytest.param(("--clients", "0"), "--clients", id="no clients"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], told: str, run: Run, desk: Path) -> None:
    """One sentence names what is wrong; nothing is written."""
    done = run("simulate", "--clients", 5, "--into", "fleet", *arguments)
    assert (done.returncode, told in done.stderr, [*desk.iterdir()]) == (2, True, [])


def test_a_directory_with_something_in_it_is_left_alone(run: Run, desk: Path) -> None:
    """A fleet is never written over anything."""
    (desk / "fleet").mkdir()
    (desk / "fleet" / "evidence").write_text("kept")
    done = run("simulate", "--clients", 5, "--into", "fleet")
    assert (
        done.returncode,
        [path.name for path in (desk / "fleet").iterdir()],
    ) == (2, ["evidence"])
