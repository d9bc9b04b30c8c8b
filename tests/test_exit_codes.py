"""What an audit tells the shell: kept, broken, wrong usage, nothing audited, incomplete."""

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor import resources
from auditor.audit import audit
from auditor.report import ExitCode, Reason
from auditor.rule import load_rules
from auditor.stores import read_stores

Stores = tuple[Path, Path]
Process = subprocess.CompletedProcess[str]
Run = Callable[..., Process]

CLEAN, BROKEN = "firefox-115-clean", "firefox-115-upload-off-on"
UNPROVEN = "preference_branch_too_long"
BROKEN_AT = {
    "high": (BROKEN, "enrollment_id_sent_after_opt_out"),
    "medium": (BROKEN, "enrollment_id_recorded_after_opt_out"),
    "low": (BROKEN, "enrollment_id_lost_mid_change"),
    "note": ("firefox-115-failures", "enrollment_id_missing"),
}
CRASHING = '''"""A promise that cannot be tested."""

from auditor import Rule, Severity
from auditor.history import enroll

rule = Rule(
    clause="no clause", severity=Severity.HIGH, examines="enrollments", about="enrollments",
    broken_when="no_such_column > 0", says="never said", shows={"never": "TRUE"},
    mend="mend it", keeps=(enroll("e1", day=1),), breaks=(enroll("e1", day=1),),
)
'''


def digest(folder: Path) -> str:
    """One digest over the names and bytes of every file in a folder."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    parts = [str(file).encode() + b"\0" + file.read_bytes() for file in files]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def findings(output: str) -> set[tuple[str, str]]:
    """Rule and fingerprint of every finding in a report's JSON."""
    verdicts = json.loads(output)["verdicts"]
    return {(v["rule"], f["fingerprint"]) for v in verdicts for f in v["findings"]}


def unreadable(output: str) -> set[str]:
    """The path of every input that a report's JSON says could not be read."""
    stores = json.loads(output)["stores"]
    return {part["path"] for store in stores for part in store["unreadable"]}


def test_kept(run: Run, recording: Callable[[str], Stores]) -> None:
    """A clean profile exits with 0."""
    assert run("audit", *recording(CLEAN)).returncode == ExitCode.KEPT


def test_broken(run: Run, recording: Callable[[str], Stores]) -> None:
    """A profile in which a promise is broken exits with 1."""
    assert run("audit", *recording(BROKEN)).returncode == ExitCode.BROKEN


@pytest.mark.parametrize("severity", BROKEN_AT)
def test_fails_from_a_severity(run: Run, recording: Callable[[str], Stores], severity: str) -> None:
    """A broken promise fails the audit under `--fail-on` its own severity."""
    name, rule = BROKEN_AT[severity]
    done = run("audit", *recording(name), "--select", rule, "--fail-on", severity)
    assert done.returncode == ExitCode.BROKEN


@pytest.mark.parametrize(
    ("severity", "fail_on"),
    [("high", "never"), ("medium", "high"), ("low", "medium"), ("note", "low")],
)
def test_does_not_fail_below_a_severity(
    run: Run, recording: Callable[[str], Stores], severity: str, fail_on: str
) -> None:
    """A broken promise fails no audit whose `--fail-on` is graver, or `never`."""
    name, rule = BROKEN_AT[severity]
    done = run("audit", *recording(name), "--select", rule, "--fail-on", fail_on)
    assert done.returncode == ExitCode.KEPT


def test_notes_do_not_fail_unless_asked(run: Run, recording: Callable[[str], Stores]) -> None:
    """Without `--fail-on`, a note alone fails nothing."""
    name, rule = BROKEN_AT["note"]
    assert run("audit", *recording(name), "--select", rule).returncode == ExitCode.KEPT


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--select", "no_such_rule"], id="a selected rule that there is not"),
        pytest.param(["--ignore", "no_such_rule"], id="an ignored rule that there is not"),
        pytest.param(["--require", "no_such_rule"], id="a required rule that there is not"),
        pytest.param(
            ["--select", UNPROVEN, "--ignore", UNPROVEN], id="no rule left to hold a store against"
        ),
        pytest.param(
            ["--ignore", UNPROVEN, "--require", UNPROVEN], id="a rule both required and ignored"
        ),
        pytest.param(["no-such-store"], id="a path that is missing"),
        pytest.param(["--report", "report.pdf"], id="a report in a format that there is not"),
        pytest.param(["--report", "nowhere/report.md"], id="a report in a folder that is missing"),
        pytest.param(["--contract", "no-such-contract"], id="a contract that there is not"),
        pytest.param(["--contract", "wrong.toml"], id="a contract's file that is wrong"),
        pytest.param(["--recipes", "wrong.toml"], id="a recipes file that is wrong"),
        pytest.param(["--token-key", "short.key"], id="a token key that can be guessed"),
        pytest.param(["--token-key", "missing.key"], id="a token key that is missing"),
        pytest.param(["--baseline", "wrong.toml"], id="a baseline that is wrong"),
        pytest.param(["--baseline", "missing.json"], id="a baseline that is missing"),
        pytest.param(["--waivers", "wrong.toml"], id="a waivers' file that is wrong"),
        pytest.param(["--waivers", "missing.toml"], id="a waivers' file that is missing"),
        pytest.param(["--config", "wrong.toml"], id="options in a file that is wrong"),
        pytest.param(["--memory", "plenty"], id="a memory limit that is no size"),
        pytest.param(["--grace", "inf"], id="a grace period without an end"),
        pytest.param(["--grace", "nan"], id="a grace period that is no number"),
        pytest.param(["--fail-on", "sometimes"], id="a severity that there is not"),
        pytest.param(["--format", "xml"], id="an output format that there is not"),
        pytest.param(["--no-such-option"], id="an option that there is not"),
    ],
)
def test_wrong_usage(
    run: Run, recording: Callable[[str], Stores], desk: Path, arguments: list[str]
) -> None:
    """What cannot be done exits with 2, prints no result and writes no file."""
    (desk / "wrong.toml").write_text("title = ")
    (desk / "short.key").write_bytes(b"guess me")
    before = digest(desk)
    done = run("audit", *recording(BROKEN), "--report", "report.json", *arguments)
    assert (ExitCode.USAGE, "", before) == (done.returncode, done.stdout, digest(desk))


@pytest.mark.parametrize("place", [".", "datareporting"])
def test_report_inside_a_store(run: Run, copied: Callable[[str], Stores], place: str) -> None:
    """A report is never written into a store, however deep."""
    profile, _ = copied(CLEAN)
    before = digest(profile)
    done = run("audit", profile, "--report", profile / place / "report.md")
    assert (ExitCode.USAGE, before) == (done.returncode, digest(profile))


@pytest.mark.parametrize("option", ["--recipes", "--token-key", "--contract"])
def test_report_in_place_of_an_input(
    run: Run, recording: Callable[[str], Stores], desk: Path, option: str
) -> None:
    """A report never replaces a file that the audit reads."""
    given = desk / "given.json"
    given.write_text('{"arguments": {"preferences": [{"preferenceName": "a", "value": "bcdef"}]}}')
    before = digest(desk)
    done = run("audit", *recording(CLEAN), option, given, "--report", given)
    assert (ExitCode.USAGE, before) == (done.returncode, digest(desk))


def test_rule_that_does_not_load(
    run: Run, recording: Callable[[str], Stores], installation: Path
) -> None:
    """A rule's file that does not load stops the run: a promise missing is no audit."""
    (installation / "rules" / "unfinished.py").write_text('"""A promise."""\n\nrule = Rule(\n')
    done = run("audit", *recording(BROKEN), PYTHONPATH=str(installation))
    assert (done.returncode, done.stdout or "no result") == (ExitCode.USAGE, "no result")


def test_empty_directory(run: Run, desk: Path) -> None:
    """An empty directory holds nothing to audit."""
    assert run("audit", desk).returncode == ExitCode.NOTHING_AUDITED


def test_directory_that_is_no_store(run: Run, desk: Path) -> None:
    """A directory of anything else holds nothing to audit."""
    (desk / "letter.txt").write_text("Dear reader")
    assert run("audit", desk).returncode == ExitCode.NOTHING_AUDITED


def test_profile_without_telemetry(run: Run, desk: Path) -> None:
    """A profile that has recorded nothing holds nothing to audit."""
    (desk / "prefs.js").write_text('user_pref("browser.startup.page", 3);\n')
    assert run("audit", desk).returncode == ExitCode.NOTHING_AUDITED


def test_required_but_unproven(run: Run, recording: Callable[[str], Stores]) -> None:
    """A required rule that is unproven exits with 3, and is named."""
    done = run("audit", *recording(CLEAN), "--require", UNPROVEN)
    named = f"auditor: required, but unproven: {UNPROVEN}\n"
    assert (ExitCode.NOTHING_AUDITED, named) == (done.returncode, done.stderr)


def test_required_and_held(run: Run, recording: Callable[[str], Stores]) -> None:
    """A required rule that holds changes nothing."""
    done = run("audit", *recording(CLEAN), "--require", "enrollment_id_malformed")
    assert done.returncode == ExitCode.KEPT


def _truncate_a_ping(profile: Path) -> Path:
    ping = min(profile.rglob("*.event.jsonlz4"))
    ping.write_bytes(ping.read_bytes()[:-100])
    return ping


def _corrupt_a_database(profile: Path) -> Path:
    database = min(profile.rglob("*.sqlite"))
    database.write_bytes(b"\xa5" * 4096 + database.read_bytes()[4096:])
    return database


def _add(name: str, content: bytes) -> Callable[[Path], Path]:
    def add(profile: Path) -> Path:
        (profile / name).write_bytes(content)
        return profile / name

    return add


DAMAGE = {
    "a ping cut short": _truncate_a_ping,
    "a corrupt database": _corrupt_a_database,
    "a ping that is not UTF-8": _add("datareporting/archived/a.json", b'{"id": "\xff"}'),
    "a ping that is a list": _add("datareporting/archived/a.json", b"[]"),
    "a ping of 10 MB": _add("datareporting/archived/a.json", b'"%s"' % (b"x" * 10_000_000)),
    "preferences that are not UTF-8": _add("user.js", b"\xff\xfe"),
}


@pytest.fixture(scope="module")
def whole() -> set[tuple[str, str]]:
    """The findings of the recording before it is damaged."""
    recording = resources.folder("recordings") / BROKEN
    report = audit(
        read_stores([recording / "profile", recording / "received.ndjson"]), load_rules()
    )
    return findings(report.model_dump_json())


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_unreadable_input(
    run: Run,
    copied: Callable[[str], Stores],
    whole: set[tuple[str, str]],
    damage: Callable[[Path], Path],
) -> None:
    """An input that cannot be read exits with 4, is named, and the rest is audited as before.

    Nothing that is damaged here matters for a finding: the ping cut short was received as well.
    """
    profile, received = copied(BROKEN)
    damaged = damage(profile).relative_to(profile).as_posix()
    done = run("audit", profile, received, "--format", "json")
    seen = done.returncode, unreadable(done.stdout), findings(done.stdout)
    assert (ExitCode.INCOMPLETE, {damaged}, whole) == seen


def test_one_store_among_others_is_none(
    run: Run, recording: Callable[[str], Stores], desk: Path
) -> None:
    """A path that is no store, beside stores that are, leaves the audit incomplete."""
    done = run("audit", *recording(BROKEN), desk, "--format", "json")
    assert (ExitCode.INCOMPLETE, {str(desk)}) == (done.returncode, unreadable(done.stdout))


def test_rule_that_crashes(
    run: Run, recording: Callable[[str], Stores], installation: Path
) -> None:
    """A rule that crashes exits with 4; it is unproven, and every other rule is judged."""
    (installation / "rules" / "crashing.py").write_text(CRASHING)
    plain = run("audit", *recording(BROKEN), "--format", "json")
    done = run("audit", *recording(BROKEN), "--format", "json", PYTHONPATH=str(installation))
    verdicts = json.loads(done.stdout)["verdicts"]
    others = [verdict for verdict in verdicts if verdict["rule"] != "crashing"]
    assert json.loads(plain.stdout)["verdicts"] == others
    assert (ExitCode.INCOMPLETE, {"crashing"}) == (
        done.returncode,
        {v["rule"] for v in verdicts if v["reason"] == "incomplete"},
    )


def test_crash_while_a_finding_is_made(recording: Callable[[str], Stores]) -> None:
    """A rule that crashes only as its findings are made is unproven as well."""
    rules = {rule.name: rule for rule in load_rules()}
    crashing = rules["enrollment_id_sent_after_opt_out"].model_copy(
        update={"shows": {"no such column": "no_such_column > 0"}}
    )
    (verdict,) = audit(read_stores(recording(BROKEN)), [crashing]).verdicts
    assert verdict.reason is Reason.INCOMPLETE


@pytest.mark.parametrize(
    ("damaged", "arguments", "code"),
    [
        pytest.param(True, ["--select", "nothing"], ExitCode.USAGE, id="2 comes before 4"),
        pytest.param(True, [], ExitCode.INCOMPLETE, id="4 comes before 1"),
        pytest.param(True, ["--require", UNPROVEN], ExitCode.INCOMPLETE, id="4 comes before 3"),
        pytest.param(False, ["--require", UNPROVEN], ExitCode.BROKEN, id="1 comes before 3"),
        pytest.param(False, ["--select", "nothing"], ExitCode.USAGE, id="2 comes before 1"),
    ],
)
def test_precedence(
    run: Run,
    copied: Callable[[str], Stores],
    damaged: bool,  # noqa: FBT001 - a case's own choice
    arguments: list[str],
    code: ExitCode,
) -> None:
    """Of several exit codes that fit, the first of 2, 4, 1, 3 is given."""
    profile, received = copied(BROKEN)
    (profile / "user.js").write_bytes(b"\xff" * damaged)
    assert code == run("audit", profile, received, *arguments).returncode


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--select", "no_such_rule"], id="a rule that there is not"),
        pytest.param(["--contract", "no-such-contract"], id="a contract that there is not"),
        pytest.param(["--token-key", "missing.key"], id="a token key that is missing"),
    ],
)
def test_usage_before_nothing_audited(run: Run, desk: Path, arguments: list[str]) -> None:
    """Wrong usage exits with 2 even where there is nothing to audit."""
    assert run("audit", desk, *arguments).returncode == ExitCode.USAGE


@pytest.mark.parametrize(("name", "code"), [(CLEAN, ExitCode.KEPT), (BROKEN, ExitCode.BROKEN)])
def test_reader_that_stops_early(
    run: Run, recording: Callable[[str], Stores], name: str, code: ExitCode
) -> None:
    """Whoever reads the output, as `head` does, may stop: the exit code is still the audit's."""
    closed = (
        "import os, sys; from auditor.cli import main\n"
        "end, other = os.pipe(); os.close(end); os.dup2(other, 1); os.close(other); main()"
    )
    done = run("audit", *recording(name), code=closed)
    assert (code, "") == (done.returncode, done.stderr)


SMALL_DISK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
from auditor import cli
cli.main()
"""
"""A process none of whose files may be large, as on a disk that is nearly full."""

FULL = """
import os
os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
from auditor import cli
cli.main()
"""
"""A process whose standard output has no room."""


def test_no_room_for_a_report(run: Run, recording: Callable[[str], Stores], desk: Path) -> None:
    """A report that cannot be written whole is named, and what stood there before still does."""
    (desk / "report.json").write_text("the last one")
    _, received = recording(CLEAN)
    done = run("audit", received, "--report", "report.json", code=SMALL_DISK)
    assert done.stderr == "auditor: report.json: could not be written (File too large)\n"
    assert (done.returncode, (desk / "report.json").read_text()) == (4, "the last one")
    assert [file.name for file in desk.iterdir()] == ["report.json"]


def test_no_room_for_what_is_printed(run: Run, recording: Callable[[str], Stores]) -> None:
    """What cannot be printed makes an audit incomplete, in one line."""
    done = run("audit", recording(CLEAN)[1], code=FULL)
    told = "auditor: standard output could not be written (No space left on device)\n"
    assert (done.returncode, done.stderr) == (4, told)


def test_no_room_for_the_engine(run: Run, recording: Callable[[str], Stores]) -> None:
    """An engine that has no room, in memory or to spill to, says what to give it."""
    done = run("audit", recording(CLEAN)[1], "--memory", "1KB")
    told = "auditor: the audit ended early: no room is left in memory, nor among temporary files"
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert done.stderr.startswith(told)
