"""Handmade reports: one with a verdict of every sort, and the same told by a hostile store."""

from collections.abc import Callable

import pytest

from auditor.report import (
    Evidence,
    Finding,
    Input,
    Outcome,
    Reason,
    Report,
    StoreSummary,
    Unreadable,
    Verdict,
)
from auditor.rule import Severity

ARCHIVED = "datareporting/archived/2026-11"
PING = "ed1d48a6-777c-421f-9ec6-a34e69957908"


def _evidence(event: str, position: int, note: str) -> Evidence:
    source = f"{ARCHIVED}/1795502286155.{PING}.event.jsonlz4"
    at = f"2026-11-24T06:4{position}:03Z"
    return Evidence(
        store=0,
        ping=PING,
        source=source,
        position=position,
        at=at,
        event=event,
        person="person:0a1b2c3d",
        note=note,
        breaks=True,
    )


def _finding(number: int, severity: Severity, slug: str) -> Finding:
    return Finding(
        fingerprint=f"fingerprint-{number}",
        severity=severity,
        message=f"enrollment:000{number} of {slug} was used after its end",
        evidence=(
            _evidence(f"graduate {slug}", 3, "the change ends"),
            _evidence(f"update {slug}", 5, "its ID is used again"),
        ),
    )


def _broken(rule: str, severity: Severity, findings: int, slug: str) -> Verdict:
    return Verdict(
        rule=rule,
        promise=f"The promise of {rule} is kept.",
        clause=f"The clause of {rule}.",
        section="Enrollment IDs",
        explanation=f"Why {rule} matters.\n\nCannot see: what was never recorded.",
        mend=f"Mend what broke {rule}.",
        severity=severity,
        verdict=Outcome.BROKEN,
        subjects=7,
        broken=findings,
        findings=tuple(_finding(number, severity, slug) for number in range(findings)),
    )


def _other(rule: str, outcome: Outcome, reason: Reason | None, detail: str | None) -> Verdict:
    return Verdict(
        rule=rule,
        promise=f"The promise of {rule} is kept.",
        clause=f"The clause of {rule}.",
        section="Enrollment IDs",
        explanation=f"Why {rule} matters.\n\nCannot see: what was never recorded.",
        mend=f"Mend what broke {rule}.",
        severity=Severity.MEDIUM,
        verdict=outcome,
        reason=reason,
        detail=detail,
        subjects=0 if reason else 12,
        broken=0,
    )


def _report(slug: str) -> Report:
    store = StoreSummary(
        path=f"/profiles/{slug}",
        kind="firefox-profile",
        digest="sha256:c0ffee",
        pings=42,
        events=310,
        records=3,
        first="2026-11-24T06:38:06Z",
        last="2026-11-24T06:58:25Z",
        unreadable=(Unreadable(path=f"saved/{slug}", reason="cut short"),),
        inputs=(Input(path=f"saved/{slug}", digest="sha256:c0ffee"),),
    )
    return Report(
        auditor="0.1.0",
        versions={"duckdb": "2.0.0"},
        rules_digest="sha256:facade",
        contract="documented",
        contract_digest="sha256:decade",
        options={"fail_on": "low", "grace": 60.0, "select": (), "recipes": None},
        stores=(store,),
        verdicts=(
            _broken("drift", Severity.NOTE, 1, slug),
            _broken("reuse", Severity.HIGH, 5, slug),
            _other("told", Outcome.HOLDS, None, None),
            _other("twin", Outcome.UNPROVEN, Reason.AMBIGUOUS, f"{slug} may be a copied profile"),
            _other("unseen", Outcome.UNPROVEN, Reason.NOT_RECORDED, "the store has no recipes"),
        ),
    )


@pytest.fixture
def report() -> Report:
    """Two broken promises of different severity, one that holds, two unproven."""
    return _report("preference_rollout")


@pytest.fixture
def nothing() -> Report:
    """No store was audited, and no rule."""
    return Report(
        auditor="0.1.0",
        versions={},
        rules_digest="",
        contract="documented",
        contract_digest="",
        stores=(),
        verdicts=(),
    )


@pytest.fixture(scope="session")
def told_by() -> Callable[[str], Report]:
    """Make the same report of a store in which this text stands wherever a store can put it."""
    return _report
