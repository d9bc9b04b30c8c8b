"""`auditor verify`: a report is held against its stores again, by other means than made it."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import Options, audit
from auditor.report import Report
from auditor.rule import Rule, load_rules
from auditor.stores import Stores as Read
from auditor.stores import as_stores, read_stores
from auditor.verifying import Standing, Verification, verify
from auditor.verifying.proofs import proofs
from tests.conftest import RECORDINGS

Stores = tuple[Path, Path]
Run = Callable[..., subprocess.CompletedProcess[str]]
Change = Callable[[dict[str, Any]], None]

BROKEN = "firefox-115-upload-off-on"
RULES = {rule.name: rule for rule in load_rules()}
EVERY_RECORDING = sorted(path.name for path in RECORDINGS.glob("firefox-*"))


def standings(verification: Verification) -> dict[Standing, set[str]]:
    """Which rules have findings that stand so."""
    return {
        standing: {one.rule for one in verification.findings if one.standing is standing}
        for standing in Standing
        if verification.count(standing)
    }


def paths_of(name: str) -> list[Path]:
    """The stores of a recording."""
    parts = (RECORDINGS / name / "profile", RECORDINGS / name / "received.ndjson")
    return [part for part in parts if part.exists()]


def test_every_rule_has_a_proof() -> None:
    """What the evidence of a rule must show is written down for every rule, and for no other."""
    assert RULES.keys() == proofs().keys()


@pytest.mark.parametrize("name", EVERY_RECORDING)
def test_recording(name: str) -> None:
    """Every finding on a real recording is derived again from its evidence."""
    stores = read_stores(paths_of(name))
    report = audit(stores, load_rules())
    broken = {v.rule for v in report.verdicts if v.findings}
    told = verify(report, stores, paths_of(name))
    assert ((), {Standing.CONFIRMED: broken}) == (told.altered, standings(told))


@pytest.mark.parametrize("name", RULES)
def test_what_breaks_a_rule(name: str) -> None:
    """What breaks each rule by example is confirmed, with all that it breaks besides."""
    stores = as_stores(RULES[name].breaks)
    report = audit(stores, load_rules())
    broken = {v.rule for v in report.verdicts if v.findings}
    told = standings(verify(report, stores, []))
    assert (True, {Standing.CONFIRMED: broken}) == (name in broken, told)


def credulous(rule: Rule) -> Rule:
    """The rule by name, which takes whatever it examines for a breach."""
    wrong = {"broken_when": "TRUE", "lesser": (), "unclear": None, "shows": {"wrong": "TRUE"}}
    return rule.model_copy(update=wrong)


@pytest.mark.parametrize("name", RULES)
def test_what_keeps_a_rule(name: str) -> None:
    """No finding about what keeps the rule is confirmed, though its evidence is there."""
    stores = as_stores(RULES[name].keeps)
    report = audit(stores, [credulous(RULES[name])])
    told = verify(report, stores, [])
    wrong = {one.why for one in told.findings if "does not hold" in one.why}
    assert (True, 0, set()) == (bool(told.findings), told.count(Standing.CONFIRMED), wrong)


def test_what_cannot_be_derived() -> None:
    """Of a rule of the user's own nothing is claimed, not even that it is wrong."""
    stores = as_stores(RULES["change_ended_twice"].breaks)
    own = RULES["change_ended_twice"].model_copy(update={"name": "a_rule_of_ones_own"})
    told = standings(verify(audit(stores, [own]), stores, []))
    assert {Standing.NOT_REDERIVED: {"a_rule_of_ones_own"}} == told


@pytest.fixture(scope="module")
def broken() -> tuple[Report, Read]:
    """A real recording that breaks rules, and the report on it."""
    stores = read_stores(paths_of(BROKEN))
    return audit(stores, load_rules()), stores


def altered(report: Report, rule: str, change: Change) -> Report:
    """The report with the first finding of a rule changed, as someone might in its JSON."""
    plain = json.loads(report.model_dump_json(by_alias=True))
    (verdict,) = [v for v in plain["verdicts"] if v["rule"] == rule]
    change(verdict["findings"][0])
    return Report.model_validate(plain)


def change_of(**fields: object) -> Change:
    """Change what the first piece of evidence says."""
    return lambda finding: finding["evidence"][0].update(fields)


def change_message(finding: dict[str, Any]) -> None:
    """Let the finding be about another enrollment."""
    token = finding["message"].split()[0]
    finding["message"] = finding["message"].replace(token, "enrollment:00000000")


CHANGES = {
    "another position": change_of(position=77),
    "another ping": change_of(ping="00000000-0000-4000-8000-000000000000"),
    "another file": change_of(source="datareporting/archived/none.jsonlz4"),
    "another store": change_of(store=1),
    "another time": change_of(at="2026-11-24T06:39:00.000Z"),
    "another event": change_of(event="graduate preference_rollout"),
    "another person": change_of(person="person:00000000"),
    "another enrollment": change_message,
    "only what came before": lambda finding: finding.update(evidence=finding["evidence"][:1]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_altered_finding(broken: tuple[Report, Read], what: str) -> None:
    """A finding that says something else than its store is refuted, and no other is."""
    report, stores = broken
    rule = "enrollment_id_sent_after_opt_out"
    told = verify(altered(report, rule, CHANGES[what]), stores, paths_of(BROKEN))
    refuted = [one.rule for one in told.findings if one.standing is not Standing.CONFIRMED]
    assert ([rule], 1) == (refuted, told.count(Standing.REFUTED))


def test_token_key() -> None:
    """Under a key of the user's own a report is verified with that key, and not without."""
    stores = as_stores(RULES["enrollment_id_reused_after_end"].breaks)
    rules = [RULES["enrollment_id_reused_after_end"]]
    report = audit(stores, rules, Options(token_key=b"k" * 16))
    with_it, without = (verify(report, stores, [], key) for key in (b"k" * 16, None))
    assert (
        with_it.count(Standing.CONFIRMED),
        without.count(Standing.CONFIRMED),
        without.count(Standing.NOT_REDERIVED),
    ) == (1, 0, 1)


@pytest.fixture
def kept(run: Run, copied: Callable[[str], Stores], desk: Path) -> Stores:
    """Copies of the recording's stores, with a report on them on the desk."""
    stores = copied(BROKEN)
    run("audit", *stores, "--report", "report.json")
    assert (desk / "report.json").exists()
    return stores


def test_whole(run: Run, kept: Stores) -> None:
    """A report on stores that are as they were is confirmed, and the exit code is 0."""
    done = run("verify", "report.json", *kept)
    last = done.stdout.splitlines()[-1]
    assert (done.returncode, done.stderr, "0 refuted, 0 not re-derived" in last) == (0, "", True)


def add_a_ping(profile: Path) -> str:
    """Add a copy of a ping to the archive."""
    archived = profile / "datareporting" / "archived"
    first = next(archived.rglob("*.jsonlz4"))
    other = first.with_name("1795502390001.00000000-0000-4000-8000-000000000000.main.jsonlz4")
    shutil.copy(first, other)
    return f"{other.relative_to(profile).as_posix()} is added"


def remove_a_ping(profile: Path) -> str:
    """Remove a ping from the archive."""
    first = min((profile / "datareporting" / "archived").rglob("*.jsonlz4"))
    first.unlink()
    return f"{first.relative_to(profile).as_posix()} is missing"


def change_preferences(profile: Path) -> str:
    """Add a line to the preferences."""
    with (profile / "prefs.js").open("a") as prefs:
        prefs.write("// one more line\n")
    return "prefs.js is changed"


@pytest.mark.parametrize("change", [add_a_ping, remove_a_ping, change_preferences])
def test_altered_store(run: Run, kept: Stores, change: Callable[[Path], str]) -> None:
    """Each file that is not as it was is named, with what became of it, and the exit code is 1."""
    clause = change(kept[0])
    done = run("verify", "report.json", *kept)
    told = [line for line in done.stdout.splitlines() if line.startswith("ALTERED")]
    assert (1, [f"ALTERED         {kept[0]}: {clause}"]) == (done.returncode, told)


def test_own_store(run: Run, recording: Callable[[str], Stores]) -> None:
    """A report on a store that `auditor import` made is verified against that store."""
    run("import", *recording(BROKEN), "--into", "all.db")
    run("audit", "all.db", "--report", "report.json")
    assert run("verify", "report.json", "all.db").returncode == 0


def test_unreadable_now(run: Run, kept: Stores) -> None:
    """What cannot be read any more makes the verification incomplete."""
    (kept[0] / "prefs.js").write_bytes(b"\xff")
    assert run("verify", "report.json", *kept).returncode == 4


@pytest.mark.parametrize(
    ("report", "number"),
    [
        pytest.param("none.json", 2, id="no such file"),
        pytest.param("wrong.json", 2, id="no report"),
        pytest.param("received.ndjson", 2, id="no JSON"),
        pytest.param("report.json", 1, id="a store too few"),
    ],
)
def test_wrong_usage(run: Run, kept: Stores, desk: Path, report: str, number: int) -> None:
    """What is wrong with the request is one sentence, and the exit code is 2."""
    (desk / "wrong.json").write_text('{"schema": 1}')
    shutil.copy(kept[1], desk)
    done = run("verify", report, *kept[:number])
    told = (done.returncode, done.stdout, done.stderr.count("\n"))
    assert told == (2, "", 1)


def test_recipes(run: Run, recording: Callable[[str], Stores], desk: Path) -> None:
    """A report of an audit with recipes is verified with the same recipes."""
    asked = {"preferences": [{"preferenceName": "a.b", "value": "a-value-of-its-own"}]}
    (desk / "recipes.json").write_text(json.dumps({"data": [{"arguments": {"slug": "s"} | asked}]}))
    stores = recording(BROKEN)
    run("audit", *stores, "--recipes", "recipes.json", "--report", "report.json")
    codes = [
        run("verify", "report.json", *stores, *with_them).returncode
        for with_them in (("--recipes", "recipes.json"), ())
    ]
    assert codes == [0, 2]
