"""The gate as a pipeline runs it: baselines, waivers and comparisons, in processes of their own."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.report import ExitCode

Stores = tuple[Path, Path]
Process = subprocess.CompletedProcess[str]
Run = Callable[..., Process]
Recording = Callable[[str], Stores]
Audited = Callable[..., Path]

CLEAN, BROKEN = "firefox-115-clean", "firefox-115-upload-off-on"
LOST, SENT = "enrollment_id_lost_mid_change", "enrollment_id_sent_after_opt_out"
SLUG = "bug-1802003-rollout-enrolled-while-upload-off-release"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
WAIVER = f"""[[waiver]]
rule = "{LOST}"
change = "{SLUG}"
justification = "Known since bug 1802003, and mended in 116."
owner = "Ada"
approver = "Bo"
expires = 2026-03-31
"""


@pytest.fixture
def audited(run: Run, recording: Recording, desk: Path) -> Audited:
    """Audit a recording into a report's file."""

    def audit(name: str, *options: object, into: str = "report.json") -> Path:
        run("audit", *recording(name), *options, "--report", into)
        return desk / into

    return audit


def through(done: Process) -> tuple[int, set[str]]:
    """The exit code, and what became of the findings of a report's JSON."""
    verdicts = json.loads(done.stdout)["verdicts"]
    return done.returncode, {f["disposition"] for v in verdicts for f in v["findings"]}


AS_JSON = ("--format", "json")
ALL_BUT_SENT = ("--ignore", SENT)


def test_baseline(run: Run, recording: Recording, audited: Audited) -> None:
    """An audit whose findings were all there before exits with 0."""
    run("baseline", "write", audited(BROKEN), "--into", "b.json")
    done = run("audit", *recording(BROKEN), *ALL_BUT_SENT, *AS_JSON, "--baseline", "b.json")
    assert through(done) == (ExitCode.KEPT, {"baseline"})


def test_baseline_of_another_recording(run: Run, recording: Recording, audited: Audited) -> None:
    """What was accepted in one recording excuses nothing in another."""
    run("baseline", "write", audited("firefox-115-lifecycle"), "--into", "b.json")
    done = run("audit", *recording(BROKEN), *AS_JSON, "--baseline", "b.json")
    assert through(done) == (ExitCode.BROKEN, {"new"})


def test_what_no_baseline_excuses(run: Run, recording: Recording, audited: Audited) -> None:
    """A rule that is not waivable fails the audit, baseline or not, and writing one says so."""
    wrote = run("baseline", "write", audited(BROKEN), "--into", "b.json")
    done = run("audit", *recording(BROKEN), "--select", SENT, *AS_JSON, "--baseline", "b.json")
    assert through(done) == (ExitCode.BROKEN, {"new"})
    assert f"{SENT}: stays new; this rule is not waivable" in wrote.stdout.splitlines()


def test_a_baseline_holds_no_identifier(run: Run, audited: Audited, desk: Path) -> None:
    """Neither an identifier nor a document id nor a report's fingerprint is in the file."""
    report = audited(BROKEN)
    run("baseline", "write", report, "--into", "b.json")
    page = (desk / "b.json").read_text()
    verdicts = json.loads(report.read_text())["verdicts"]
    fingerprints = {f["fingerprint"] for v in verdicts for f in v["findings"]}
    found = {each for each in fingerprints if each in page}
    assert (True, set(), None) == (bool(fingerprints), found, UUID.search(page))


def test_a_baseline_under_a_key(
    run: Run, recording: Recording, audited: Audited, desk: Path
) -> None:
    """A baseline made with a token key is of use with that key alone."""
    (desk / "secret.key").write_bytes(bytes(range(32)))
    key = ("--token-key", "secret.key")
    run("baseline", "write", audited(BROKEN), "--into", "b.json", *key)
    gate = (*recording(BROKEN), *ALL_BUT_SENT, "--baseline", "b.json")
    codes = [run("audit", *gate, *key).returncode, run("audit", *gate).returncode]
    assert codes == [ExitCode.KEPT, ExitCode.USAGE]


def test_update_and_prune(run: Run, audited: Audited, desk: Path) -> None:
    """Update accepts what is new, and prune takes out what is gone as far as it can be seen."""
    part, whole = audited(BROKEN, "--select", LOST, into="part.json"), audited(BROKEN)
    steps = [("write", part), ("update", whole), ("prune", part), ("prune", audited(CLEAN))]
    seen = []
    for step, report in steps:
        run("baseline", step, report, "--into", "b.json")
        entries = json.loads((desk / "b.json").read_text())["entries"]
        seen.append({entry["rule"] for entry in entries})
    assert [{LOST}, True, True, False] == [seen[0], *(LOST in rules for rules in seen[1:])]
    # The clean recording could not show all, so what it could not show is still there.
    assert set() < seen[3] < seen[2] == seen[1]


def test_write_replaces_nothing(run: Run, audited: Audited, desk: Path) -> None:
    """A baseline is begun once: to write it again would accept whatever is new, unseen."""
    (desk / "b.json").write_text("kept")
    done = run("baseline", "write", audited(CLEAN), "--into", "b.json")
    assert (done.returncode, (desk / "b.json").read_text()) == (ExitCode.USAGE, "kept")


@pytest.mark.parametrize(
    ("today", "outcome"),
    [
        ("2026-03-31", (ExitCode.KEPT, {"waived"})),
        ("2026-04-01", (ExitCode.BROKEN, {"new"})),
    ],
    ids=["on its last day", "the day after"],
)
def test_waiver(
    run: Run, recording: Recording, desk: Path, today: str, outcome: tuple[int, set[str]]
) -> None:
    """A waived finding fails no audit until the waiver has ended."""
    (desk / "w.toml").write_text(WAIVER)
    only = (*recording(BROKEN), "--select", LOST, *AS_JSON)
    done = run("audit", *only, "--waivers", "w.toml", "--today", today)
    assert outcome == through(done)


def test_an_expired_waiver_fails_by_itself(run: Run, recording: Recording, desk: Path) -> None:
    """Though nothing is broken, a waiver that has ended fails the audit until it is taken out."""
    (desk / "w.toml").write_text(WAIVER)
    gate = ("--select", "enrollment_id_malformed", "--waivers", "w.toml", "--today", "2026-04-01")
    done = run("audit", *recording(BROKEN), *gate)
    told = f"  low: w.toml, line 1: {LOST}: this waiver of Ada ended with 2026-03-31"
    assert (done.returncode, told in done.stdout.splitlines()) == (ExitCode.BROKEN, True)


def test_a_waiver_that_is_too_long(run: Run, recording: Recording, desk: Path) -> None:
    """More than 180 days ahead is wrong usage: nothing is audited and nothing written."""
    (desk / "w.toml").write_text(WAIVER)
    gate = ("--waivers", "w.toml", "--today", "2025-10-01", "--report", "r.md")
    done = run("audit", *recording(BROKEN), *gate)
    assert (ExitCode.USAGE, "", {"w.toml"}) == (
        done.returncode,
        done.stdout,
        {file.name for file in desk.iterdir()},
    )


def test_without_a_date_the_clock_decides(run: Run, recording: Recording, desk: Path) -> None:
    """A waiver that ended in the past is expired without anybody saying what day it is."""
    (desk / "w.toml").write_text(WAIVER.replace("2026-03-31", "2020-01-01"))
    done = run("audit", *recording(BROKEN), "--select", LOST, *AS_JSON, "--waivers", "w.toml")
    assert through(done) == (ExitCode.BROKEN, {"new"})


def test_same_bytes(run: Run, recording: Recording, desk: Path) -> None:
    """On the same day the same files give the same report, whatever the hash seed."""
    (desk / "w.toml").write_text(WAIVER)
    gate = (*recording(BROKEN), *AS_JSON, "--waivers", "w.toml", "--today", "2026-03-01")
    one, other = (run("audit", *gate, PYTHONHASHSEED=seed).stdout for seed in ("1", "2"))
    assert (True, one) == ("waived" in one, other)


def test_a_report_replaces_no_baseline(
    run: Run, recording: Recording, audited: Audited, desk: Path
) -> None:
    """A report is never written over what the gate reads."""
    run("baseline", "write", audited(CLEAN), "--into", "b.json")
    before = (desk / "b.json").read_bytes()
    done = run("audit", *recording(CLEAN), "--baseline", "b.json", "--report", "b.json")
    assert (ExitCode.USAGE, before) == (done.returncode, (desk / "b.json").read_bytes())


def test_options_in_a_file(run: Run, recording: Recording, desk: Path) -> None:
    """Options of a file count, and what the command line says in their place counts more."""
    (desk / "auditor.toml").write_text(f'fail_on = "never"\nselect = ["{LOST}"]\nformat = "json"\n')
    given: tuple[tuple[str, ...], ...] = ((), ("--fail-on", "low"), ("--select", SENT))
    done = [run("audit", *recording(BROKEN), *options) for options in given]
    seen = [(one.returncode, json.loads(one.stdout)["verdicts"][0]["rule"]) for one in done]
    assert seen == [(0, LOST), (1, LOST), (0, SENT)]


def test_an_unknown_option_in_a_file(run: Run, recording: Recording, desk: Path) -> None:
    """An option that there is not is wrong usage, told with the one that was meant."""
    (desk / "pyproject.toml").write_text('[tool.auditor]\nwaiver = "w.toml"\n')
    done = run("audit", *recording(BROKEN))
    told = (
        "auditor: pyproject.toml, line 2: there is no such option of audit; did you mean waivers?\n"
    )
    assert (ExitCode.USAGE, "", told) == (done.returncode, done.stdout, done.stderr)


def test_compare(run: Run, audited: Audited) -> None:
    """Between two recordings everything is new or no longer observable, and nothing fixed."""
    old, new = audited("firefox-115-failures", into="old.json"), audited(BROKEN, into="new.json")
    done = run("compare", old, new, *AS_JSON)
    seen = {change["state"] for change in json.loads(done.stdout)["changes"]}
    assert (1, {"new", "no-longer-observable"}) == (done.returncode, seen)


def test_compare_the_same(run: Run, audited: Audited) -> None:
    """A report compared with itself is still broken, and exits with 0."""
    report = audited(BROKEN)
    done = run("compare", report, report, *AS_JSON)
    seen = {change["state"] for change in json.loads(done.stdout)["changes"]}
    assert (0, {"still-broken"}) == (done.returncode, seen)


def test_compare_for_a_reader(run: Run, audited: Audited) -> None:
    """The text tells the changes under their state, and sums them up in its last line."""
    only = ("--select", LOST)
    old = audited(BROKEN, *only, into="old.json")
    new = audited(CLEAN, *only, into="new.json")
    lines = run("compare", old, new).stdout.splitlines()
    assert lines[0] == "NO LONGER OBSERVABLE"
    assert lines[1].startswith(f"  low: {LOST}: preference_rollout {SLUG} carries")
    assert lines[-1] == "0 new, 0 still broken, 1 no longer observable, 0 fixed"


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": 1, "secret": 1}', "\xff"])
def test_what_is_no_report(run: Run, audited: Audited, desk: Path, text: str) -> None:
    """A file that is no report is wrong usage, told by its name, quoting nothing."""
    (desk / "other.json").write_text(text, encoding="latin-1")
    done = run("compare", audited(CLEAN), "other.json")
    told = "auditor: other.json: is no report as JSON of this version of auditor\n"
    assert (ExitCode.USAGE, "", told) == (done.returncode, done.stdout, done.stderr)


def test_explain_tells_what_is_not_waivable(run: Run) -> None:
    """Who explains a rule learns whether it can be waived."""
    told = {name: "Waivers:" in run("explain", name).stdout for name in (LOST, SENT)}
    assert told == {LOST: False, SENT: True}
