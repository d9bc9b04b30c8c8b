"""Drift: where the document and a browser disagree, and how that is printed."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from auditor.contract import load_contract
from auditor.drift import differences

Run = Callable[..., subprocess.CompletedProcess[str]]

DRIFT = ("contract", "diff", "documented", "firefox-115")


def test_a_contract_does_not_differ_from_itself() -> None:
    """Where both say the same there is nothing to work through."""
    documented = load_contract("documented")
    assert differences(documented, documented) == ()


def test_differences_of_a_preference_change() -> None:
    """Both readings are given, with the heading to mend and what shows the browser's."""
    found = differences(load_contract("documented"), load_contract("firefox-115"))
    assert [tuple(d.model_dump().values()) for d in found if "expPrefChanged" in d.where] == [
        (kind, "expPrefChanged preference_study, reason", document, browser,
         "Preference Studies / Experimental Preference Changed", "PreferenceExperiments.sys.mjs")
        for kind, document, browser in [
            ("code never sent", "atEnroll", None),
            ("code undocumented", None, "onEnroll"),
        ]
    ]  # fmt: skip


def test_kinds_of_difference() -> None:
    """Events, extras, codes, statuses, units and limits are all compared."""
    found = differences(load_contract("documented"), load_contract("firefox-115"))
    assert {d.kind for d in found} == {
        "any other code never sent", "any other code undocumented", "code never sent",
        "code undocumented", "event differs", "event undocumented", "extra differs",
        "extra never sent", "extra undocumented", "form differs", "platform limit undocumented",
        "scalar differs", "status never sent", "status undocumented", "uptake source differs",
    }  # fmt: skip


def test_diff_as_json(run: Run) -> None:
    """As JSON, every difference is an object with both readings."""
    found = differences(load_contract("documented"), load_contract("firefox-115"))
    done = run(*DRIFT, "--format", "json")
    assert json.loads(done.stdout) == [difference.model_dump() for difference in found]


def test_diff_as_text(run: Run) -> None:
    """As text, each place is a table in plain lines of at most 100 characters; the last counts."""
    lines = run(*DRIFT).stdout.splitlines()
    at = lines.index("Preference Studies / Enrollment Failed: enrollFailed preference_study") + 2
    assert [re.split(r" {2,}", line) for line in lines[at : at + 2]] == [
        ["where", "what", "documented", "firefox-115"],
        ["reason", "code undocumented", "-", "name-conflict"],
    ]
    assert max(map(len, lines)) <= 100
    assert lines[-1] == f"{len(json.loads(run(*DRIFT, '--format', 'json').stdout))} differences"


def test_diff_prints_codes_whole(run: Run) -> None:
    """A code that fits its column is never broken or cut."""
    printed = run(*DRIFT).stdout.split()
    found = differences(load_contract("documented"), load_contract("firefox-115"))
    said = {d.browser_says for d in found if d.kind == "code undocumented" and d.browser_says}
    assert {code for code in said if len(code) < 25} - set(printed) == set()


def test_diff_on_a_terminal() -> None:
    """On a terminal the tables are boxed."""
    reading, writing = pty.openpty()
    command = [sys.executable, "-m", "auditor", *DRIFT]
    with subprocess.Popen(command, stdout=writing, stdin=subprocess.DEVNULL) as process:
        os.close(writing)
        printed = b""
        while part := _read(reading):
            printed += part
    os.close(reading)
    assert process.returncode == 0
    assert "╭" in printed.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux tells the end of a terminal so
        return b""


def test_show_tells_each_event(run: Run) -> None:
    """A contract is shown event by event, with what is said of each extra."""
    blocks = run("contract", "show", "documented").stdout.rstrip("\n").split("\n\n")
    assert blocks[1].splitlines() == [
        "enroll preference_study  (Preference Studies / Enrollment)",
        "  value           recipe.arguments.slug",
        "  branch          required",
        "  experimentType  required: exp, exp-highpop",
        "  enrollmentId    required",
    ]
    events = {f"{method} {kind}" for method, kind, _ in load_contract("documented").each_event()}
    assert events <= {block.split("  (")[0] for block in blocks}


@pytest.mark.parametrize("name", ["documented", "firefox-115", "firefox-132"])
def test_show_is_readable_at_100_columns(run: Run, name: str) -> None:
    """No line of a shown contract is longer than 100 characters."""
    assert max(map(len, run("contract", "show", name).stdout.splitlines())) <= 100


def test_show_as_json(run: Run) -> None:
    """As JSON, the whole contract is an object."""
    done = run("contract", "show", "firefox-115", "--format", "json")
    expected = load_contract("firefox-115").model_dump_json()
    assert json.loads(done.stdout) == json.loads(expected)


@pytest.mark.parametrize(
    "arguments", [("show", "firefox-1"), ("diff", "documented", "firefox-1")], ids=str
)
def test_no_such_contract(run: Run, arguments: tuple[str, ...]) -> None:
    """A wrong name ends with exit code 2 and one sentence."""
    done = run("contract", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "auditor: firefox-1: there is no such contract, by name or as a file\n",
    )
