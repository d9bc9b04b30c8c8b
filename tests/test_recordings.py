"""The audit of real recordings, held against what was judged of them by hand."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import audit
from auditor.report import Finding, Outcome, Reason, Report
from auditor.rule import ENROLLMENT_IDS, Severity, load_rules
from auditor.stores import read_stores
from tests.judgements import BEYOND, FOUND, SILENT

RECORDINGS = Path("tests/recordings")
JUDGED = sorted(path.parent.name for path in RECORDINGS.glob("*/truth.json"))
WITHOUT_IDS = ["firefox-140-uptake", "firefox-153-lifecycle"]
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@cache
def report(recording: str) -> Report:
    """The audit of a profile and of what the server received of it."""
    folder = RECORDINGS / recording
    return audit(read_stores([folder / "profile", folder / "received.ndjson"]), load_rules())


def truth(recording: str) -> dict[str, dict[str, Any]]:
    """The entries of a recording's truth that are not plain `holds`."""
    text = (RECORDINGS / recording / "truth.json").read_text(encoding="utf-8")
    entries = {entry["id"]: entry for entry in json.loads(text)["findings"]}
    return {name: entry for name, entry in entries.items() if entry["verdict"] != "holds"}


ENTRIES = {name: (rec, entry) for rec in JUDGED for name, entry in truth(rec).items()}


def findings(recording: str) -> list[tuple[str, Finding]]:
    """Every finding with the name of its rule."""
    verdicts = report(recording).verdicts
    return [(verdict.rule, finding) for verdict in verdicts for finding in verdict.findings]


def pings_of(entry: dict[str, Any]) -> set[str]:
    """The document ids that an entry of the truth names as its places."""
    places = (
        place if isinstance(place, str) else place["file"] for place in entry.get("where", ())
    )
    return {ping for place in places for ping in UUID.findall(place)}


def test_every_entry_of_the_truth_has_a_judgement() -> None:
    """Nothing that was judged by hand is passed over, and nothing is judged twice."""
    assert set(ENTRIES) == FOUND.keys() | SILENT.keys()
    assert not FOUND.keys() & SILENT.keys()


@pytest.mark.parametrize("name", FOUND)
def test_what_was_judged_is_found_by_its_rule(name: str) -> None:
    """The rule finds it, at its severity, with a ping that the judge named as evidence."""
    recording, entry = ENTRIES[name]
    wanted = FOUND[name]
    shown = [
        {evidence.ping for evidence in finding.evidence}
        for rule, finding in findings(recording)
        if (rule, finding.severity) == wanted
    ]
    assert shown
    places = pings_of(entry)
    assert not places or any(places & pings for pings in shown)


@pytest.mark.parametrize("recording", JUDGED)
def test_nothing_above_a_note_is_found_that_was_not_judged(recording: str) -> None:
    """What the rules find is in the truth, or was judged from the recording itself."""
    judged = {FOUND[name] for name in truth(recording) if name in FOUND}
    allowed = {pair for pair in judged if pair[1] is not Severity.NOTE}
    found = {(rule, f.severity) for rule, f in findings(recording) if f.severity.rank > 0}
    assert found == allowed | BEYOND.get(recording, set())


def test_a_healthy_browser_is_given_nothing_but_notes() -> None:
    """On the clean recording no rule is broken above `note`."""
    severities = {finding.severity for _, finding in findings("firefox-115-clean")}
    assert severities == {Severity.NOTE}


@pytest.mark.parametrize("recording", WITHOUT_IDS)
def test_a_browser_without_enrollment_ids_leaves_their_rules_unproven(recording: str) -> None:
    """Rules about IDs neither hold nor break in versions that have none, and say why."""
    about_ids = {rule.name for rule in load_rules() if rule.versions is ENROLLMENT_IDS}
    verdicts = [v for v in report(recording).verdicts if v.rule in about_ids]
    assert {(v.verdict, v.reason) for v in verdicts} == {(Outcome.UNPROVEN, Reason.OUT_OF_SCOPE)}


@pytest.mark.parametrize("recording", WITHOUT_IDS)
def test_a_later_browser_is_given_nothing_but_notes(recording: str) -> None:
    """Firefox 140 and 153 are known to send what they send."""
    assert {finding.severity for _, finding in findings(recording)} <= {Severity.NOTE}


@pytest.mark.parametrize("recording", JUDGED + WITHOUT_IDS)
def test_the_same_recording_gives_the_same_report(recording: str) -> None:
    """Byte for byte: no clock, no chance, no order of threads is in a report."""
    again = report.__wrapped__(recording)
    assert again.model_dump_json() == report(recording).model_dump_json()


def test_the_order_of_the_stores_changes_no_verdict() -> None:
    """A ping that is in two stores is one ping, whichever is read first."""
    folder = RECORDINGS / "firefox-115-upload-off-on"
    stores = [folder / "received.ndjson", folder / "profile"]
    turned = audit(read_stores(stores), load_rules()).verdicts
    straight = report("firefox-115-upload-off-on").verdicts
    assert [(v.rule, v.verdict, v.subjects, v.broken) for v in turned] == [
        (v.rule, v.verdict, v.subjects, v.broken) for v in straight
    ]


def test_snapshots_on_the_way_accuse_nobody_else() -> None:
    """A snapshot's time is only that of what it holds; it makes no ID older than it is."""
    folder = RECORDINGS / "firefox-115-upload-off-on"
    snapshots = sorted((RECORDINGS / "snapshots-of-upload-off-on").iterdir())
    stores = [*snapshots, folder / "profile", folder / "received.ndjson"]
    verdicts = audit(read_stores(stores), load_rules()).verdicts
    graver = {(v.rule, f.severity) for v in verdicts for f in v.findings if f.severity.rank > 0}
    known = {(rule, f.severity) for rule, f in findings(folder.name) if f.severity.rank > 0}
    assert graver == known


def test_snapshots_of_which_nothing_tells_the_order_accuse_nobody() -> None:
    """One shows upload off and one on again, and the latest thing in both is of one time."""
    folder = RECORDINGS / "snapshots-of-upload-off-on"
    stores = read_stores([folder / "04-off-with-activity", folder / "05-re-enabled"])
    found = {v.rule for v in audit(stores, load_rules()).verdicts if v.verdict is Outcome.BROKEN}
    assert set() == {rule for rule in found if rule.startswith("enrollment_id")}
