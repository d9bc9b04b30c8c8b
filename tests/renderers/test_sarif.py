"""The SARIF log is valid, says of every rule what came of it, and stays within GitHub's limits.

The schema is OASIS's of SARIF 2.1.0, as the npm package @microsoft/jest-sarif 1.0.0-beta.0 (MIT)
carries it.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.renderers import sarif
from auditor.report import (
    Evidence,
    Finding,
    Input,
    Mark,
    Outcome,
    Reason,
    Report,
    Switch,
    Verdict,
    Witness,
)
from auditor.rule import Severity

HERE = Path(__file__).parent
Log = dict[str, Any]

KINDS = {
    "an innocent reading": (Outcome.UNPROVEN, Reason.AMBIGUOUS, "review"),
    "a table that is not there": (Outcome.UNPROVEN, Reason.NOT_RECORDED, "open"),
    "an input that could not be read": (Outcome.UNPROVEN, Reason.INCOMPLETE, "open"),
    "nothing to examine": (Outcome.UNPROVEN, Reason.NOTHING_TO_EXAMINE, "notApplicable"),
    "another version": (Outcome.UNPROVEN, Reason.OUT_OF_SCOPE, "notApplicable"),
    "no reason that is told": (Outcome.UNPROVEN, None, "open"),
    "a promise that holds": (Outcome.HOLDS, None, "pass"),
    "a breach without a finding": (Outcome.BROKEN, None, "fail"),
}
HOSTILE = {
    "a link": "[a](https://a.example)",
    "a placeholder": "{0}",
    "a way out of the store": "../../../etc/passwd",
    "another machine": "//a.example/a",
    "a scheme": "javascript:alert(1)",
    "a control": "a\x00\x1b[31mb",
    "half a surrogate pair": "a\udc80",
    "a change of direction": "a\u202eb",
}


@cache
def schema() -> jsonschema.Draft4Validator:
    """OASIS's schema."""
    text = (HERE / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(json.loads(text))


def written(report: Report) -> Log:
    """The log, read back from the bytes that a file would have."""
    log: Log = json.loads("".join(sarif.render(report)).encode())
    return log


def run_of(report: Report) -> Log:
    """The only run of the log."""
    (run,) = written(report)["runs"]
    assert isinstance(run, dict)
    return run


def faults(log: Log) -> set[str]:
    """What the schema finds wrong, by place."""
    return {f"{fault.json_path}: {fault.message}" for fault in schema().iter_errors(log)}


def with_verdict(report: Report, **changes: object) -> Report:
    """The report with its verdict on `reuse` alone, changed."""
    (verdict,) = (verdict for verdict in report.verdicts if verdict.rule == "reuse")
    return report.model_copy(update={"verdicts": (verdict.model_copy(update=changes),)})


def with_finding(report: Report, **changes: object) -> Report:
    """The report with a single finding, changed."""
    finding = report.verdicts[1].findings[0].model_copy(update=changes)
    return with_verdict(report, findings=(finding,), broken=1)


def result_of(report: Report) -> Log:
    """The only result of the log."""
    (result,) = run_of(report)["results"]
    assert isinstance(result, dict)
    return result


def test_valid(report: Report) -> None:
    """A report with a verdict of every sort is valid SARIF."""
    assert set() == faults(written(report))


def test_valid_without_a_store(nothing: Report) -> None:
    """An audit of nothing is valid SARIF, without a result."""
    log = written(nothing)
    assert (set(), []) == (faults(log), log["runs"][0]["results"])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_valid_whatever_a_store_says(text: str, told_by: Callable[[str], Report]) -> None:
    """Hostile text makes no log invalid."""
    assert set() == faults(written(told_by(text)))


@settings(deadline=None, max_examples=25)
@given(text=st.text())
def test_any_text(text: str, told_by: Callable[[str], Report]) -> None:
    """Whatever a store says, the log is JSON of the same results."""
    names = [result["ruleId"] for result in run_of(told_by("a"))["results"]]
    assert names == [result["ruleId"] for result in run_of(told_by(text))["results"]]


@pytest.mark.parametrize(("outcome", "reason", "kind"), KINDS.values(), ids=KINDS)
def test_kinds(report: Report, outcome: Outcome, reason: Reason | None, kind: str) -> None:
    """A verdict without findings is one result, whose kind says what came of the rule."""
    result = result_of(with_verdict(report, verdict=outcome, reason=reason, findings=()))
    assert (kind, kind == "fail") == (result["kind"], result["level"] != "none")


@pytest.mark.parametrize(
    ("severity", "kind", "level"),
    [
        (Severity.HIGH, "fail", "error"),
        (Severity.MEDIUM, "fail", "error"),
        (Severity.LOW, "fail", "warning"),
        (Severity.NOTE, "informational", "none"),
    ],
)
def test_levels(report: Report, severity: Severity, kind: str, level: str) -> None:
    """A finding fails at the level of its severity, and a note informs."""
    result = result_of(with_finding(report, severity=severity))
    assert (kind, level) == (result["kind"], result["level"])


def test_only_what_holds_passes(report: Report) -> None:
    """No rule passes but those whose promise holds."""
    passed = {r["ruleId"] for r in run_of(report)["results"] if r["kind"] == "pass"}
    assert {v.rule for v in report.verdicts if v.verdict is Outcome.HOLDS} == passed


def test_witness(report: Report) -> None:
    """Of a promise that holds, one subject that kept it is told, with where it was found."""
    evidence = report.verdicts[1].findings[0].evidence
    witness = Witness(message="a rollout", evidence=evidence)
    holds = {"verdict": Outcome.HOLDS, "findings": (), "witness": witness}
    result = result_of(with_verdict(report, **holds))
    notes = [place["message"]["text"] for place in result["relatedLocations"]]
    assert result["message"]["text"] == "Holds for 7 subjects; kept by a rollout"
    assert notes == ["the change ends", "its ID is used again"]


def test_rules(report: Report) -> None:
    """Every result points at the descriptor of its rule."""
    run = run_of(report)
    rules = run["tool"]["driver"]["rules"]
    assert [verdict.rule for verdict in report.verdicts] == [rule["id"] for rule in rules]
    assert {r["ruleId"] for r in run["results"]} == {rule["id"] for rule in rules}
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])


def test_descriptor(report: Report) -> None:
    """A descriptor tells the promise, why it matters, the clause, what to do, and how grave."""
    _, rule, *_ = run_of(report)["tool"]["driver"]["rules"]
    told = rule["help"]["text"]
    assert rule["shortDescription"]["text"] == "The promise of reuse is kept."
    assert "Cannot see: what was never recorded." in rule["fullDescription"]["text"]
    assert all(part in told for part in ("The clause of reuse.", "Mend what broke reuse."))
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["properties"] == {
        "precision": "very-high",
        "tags": ["privacy", "security", "enrollment-ids"],
        "security-severity": "8.0",
    }


def test_note_is_no_weakness(report: Report) -> None:
    """A rule that only notes has no severity among weaknesses."""
    rule = run_of(with_verdict(report, severity=Severity.NOTE))["tool"]["driver"]["rules"][0]
    assert "security-severity" not in rule["properties"]


def test_rule_that_cannot_tell_is_less_precise(report: Report) -> None:
    """A rule that knows of an innocent reading says that it is not as precise."""
    told = with_verdict(report, explanation="Why.\n\nCannot tell: a copied profile.")
    assert run_of(told)["tool"]["driver"]["rules"][0]["properties"]["precision"] == "high"


@pytest.mark.parametrize(
    ("disposition", "state", "suppressed"),
    [("new", "new", False), ("baseline", "unchanged", False), ("waived", "new", True)],
)
def test_dispositions(report: Report, disposition: str, state: str, *, suppressed: bool) -> None:
    """What is in the baseline is unchanged, and what is waived is suppressed from outside."""
    result = result_of(with_finding(report, disposition=disposition))
    kinds = [each["kind"] for each in result["suppressions"]]
    assert (state, ["external"] * suppressed) == (result["baselineState"], kinds)


def test_fingerprints(report: Report) -> None:
    """A finding is recognised in later audits, by GitHub too."""
    result = result_of(with_finding(report, fingerprint="cafe"))
    expected = {"primaryLocationLineHash": "cafe:1", "finding/v1": "cafe"}
    assert expected == result["partialFingerprints"]


def test_artifacts(report: Report) -> None:
    """Every file that was read is listed with its digest."""
    store = report.stores[0].model_copy(
        update={"inputs": (Input(path="a b/c.json", digest="sha256:c0ffee"),)}
    )
    (artifact,) = run_of(report.model_copy(update={"stores": (store,)}))["artifacts"]
    assert artifact["location"] == {"uri": "a%20b/c.json", "uriBaseId": "STORE1"}
    assert artifact["hashes"] == {"sha-256": "c0ffee"}


def test_place_in_a_line(report: Report) -> None:
    """Evidence in a line of a file is shown in that line of the file that was read."""
    inputs = (Input(path="a.json", digest=""), Input(path="received.ndjson", digest=""))
    stores = (report.stores[0].model_copy(update={"inputs": inputs}),)
    evidence = report.verdicts[1].findings[0].evidence[0]
    evidence = replace(evidence, source="received.ndjson:9")
    told = with_finding(report.model_copy(update={"stores": stores}), evidence=(evidence,))
    place = result_of(told)["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 9}
    assert place["artifactLocation"] == {
        "uri": "received.ndjson",
        "uriBaseId": "STORE1",
        "index": 1,
    }


def test_evidence_before_the_breach(report: Report) -> None:
    """The places that break the promise are the result's own; what came before is related."""
    before, after = report.verdicts[1].findings[0].evidence
    before = replace(before, breaks=False)
    result = result_of(with_finding(report, evidence=(before, after)))
    notes = [
        [place["message"]["text"] for place in result[name]]
        for name in ("locations", "relatedLocations")
    ]
    assert notes == [["its ID is used again"], ["the change ends"]]


def finding_with_a_story() -> Finding:
    """A finding between marks and switches of two people."""

    def evidence(person: str, minute: int) -> Evidence:
        return Evidence(
            store=0,
            ping=None,
            source="a.json",
            position=None,
            at=f"2026-11-24T06:{minute}:00Z",
            event="update",
            person=person,
            note=f"at {minute}",
            breaks=True,
        )

    return Finding(
        fingerprint="cafe",
        severity=Severity.HIGH,
        message="",
        evidence=(evidence("person:1", 10), evidence("person:2", 20), evidence("person:1", 30)),
        story=(Mark(at="2026-11-24T06:25:00Z", event="annotation", person="person:1"),),
        switches=(Switch(person="person:1", upload="off", at=None, latest="2026-11-24T06:15:00Z"),),
    )


def test_code_flow(report: Report) -> None:
    """What happened to each person is a thread, in its order."""
    verdict = report.verdicts[1].model_copy(update={"findings": (finding_with_a_story(),)})
    (flow,) = result_of(report.model_copy(update={"verdicts": (verdict,)}))["codeFlows"]
    told = {
        thread["id"]: [step["location"]["message"]["text"] for step in thread["locations"]]
        for thread in flow["threadFlows"]
    }
    assert told == {
        "person:1": ["at 10", "upload is turned off", "annotation", "at 30"],
        "person:2": ["at 20"],
    }


def test_every_place_is_in_a_file(report: Report) -> None:
    """GitHub refuses a location without a file: every result and every step has one."""
    verdict = report.verdicts[1].model_copy(update={"findings": (finding_with_a_story(),)})
    run = run_of(report.model_copy(update={"verdicts": (*report.verdicts, verdict)}))
    steps = [
        step["location"]
        for result in run["results"]
        for flow in result.get("codeFlows", ())
        for thread in flow["threadFlows"]
        for step in thread["locations"]
    ]
    places = [result["locations"] for result in run["results"]]
    found = [place["physicalLocation"]["artifactLocation"]["uri"] for place in steps]
    found += [part["physicalLocation"]["artifactLocation"]["uri"] for p in places for part in p]
    assert (all(places), all(found)) == (True, True)


def test_complete(report: Report) -> None:
    """An audit that read everything was successful, and says nothing more."""
    stores = (report.stores[0].model_copy(update={"unreadable": ()}),)
    (invocation,) = run_of(report.model_copy(update={"stores": stores}))["invocations"]
    silent: Log = {"toolExecutionNotifications": [], "toolConfigurationNotifications": []}
    assert invocation == {"executionSuccessful": True} | silent


def test_unreadable(report: Report) -> None:
    """An audit that could not read an input was not successful, and names it with the reason."""
    (invocation,) = run_of(report)["invocations"]
    (told,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False
    assert (told["level"], told["message"]["text"]) == (
        "error",
        "saved/preference_rollout: cut short",
    )


def test_rule_that_could_not_be_run(report: Report) -> None:
    """An audit in which a rule crashed was not successful, though every input was read."""
    crashed = {"verdict": Outcome.UNPROVEN, "reason": Reason.INCOMPLETE, "findings": ()}
    stores = (report.stores[0].model_copy(update={"unreadable": ()}),)
    told = with_verdict(report.model_copy(update={"stores": stores}), **crashed)
    assert run_of(told)["invocations"][0]["executionSuccessful"] is False


def left_out(report: Report) -> tuple[int, list[str]]:
    """How many findings the log leaves out, and what it says of that."""
    run = run_of(report)
    told = run["invocations"][0]["toolExecutionNotifications"]
    texts = [each["message"]["text"] for each in told if each["descriptor"]["id"] == "left-out"]
    return run["properties"]["leftOut"]["findings"], texts


def test_nothing_left_out(report: Report) -> None:
    """Of a report within the limits, nothing is left out."""
    assert left_out(report) == (0, [])


def test_too_many_results(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many results the least grave findings are left out, and how many is said."""
    monkeypatch.setattr(sarif, "RESULTS", 6)  # three verdicts without findings, three findings
    findings = {r["ruleId"] for r in run_of(report)["results"] if r["kind"] == "fail"}
    said = "3 of 6 findings are left out of this file, the least grave of them."
    assert (findings, left_out(report)) == ({"reuse"}, (3, [said]))


def test_too_many_bytes(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that would be too large under gzip leaves findings out, and stays valid."""
    monkeypatch.setattr(sarif, "ROOM", 0)
    number, (said,) = left_out(report)
    assert (number, said[:18]) == (6, "6 of 6 findings ar")
    assert set() == faults(written(report))


def test_limits_are_those_of_github() -> None:
    """GitHub refuses more than 25,000 results, and more than 10 MB."""
    assert (sarif.RESULTS <= 25_000, sarif.ROOM < 10_000_000) == (True, True)


def many(verdict: Verdict, number: int) -> Verdict:
    """The verdict with so many findings, of which the last is the gravest."""
    low = verdict.findings[0].model_copy(update={"severity": Severity.LOW})
    findings = (*[low] * (number - 1), verdict.findings[0])
    return verdict.model_copy(update={"findings": findings, "broken": number})


def test_the_gravest_of_very_many(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more findings than are written, the gravest comes first, and the rest is counted."""
    monkeypatch.setattr(sarif, "RESULTS", 250)
    told = report.model_copy(update={"verdicts": (many(report.verdicts[1], 1_000),)})
    results = run_of(told)["results"]
    assert (len(results), results[0]["level"], left_out(told)[0]) == (250, "error", 750)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_link_and_no_way_out(text: str, told_by: Callable[[str], Report]) -> None:
    """Nothing that a store says becomes a link, or leads out of the store."""
    run = run_of(told_by(text))
    messages = [result["message"]["text"] for result in run["results"]]
    uris = [artifact["location"]["uri"] for artifact in run["artifacts"]]
    assert [message for message in messages if "](" in message] == []
    assert [uri for uri in uris if uri.startswith("/") or ":" in uri or ".." in uri] == []


def test_same_bytes(report: Report) -> None:
    """The same report gives the same log."""
    assert "".join(sarif.render(report)) == "".join(sarif.render(report.model_copy()))
