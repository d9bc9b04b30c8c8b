"""Reports made by hand: findings at pings or in files, without a store."""

from collections.abc import Iterable

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


def evidence(ping: str | None = "ping-1", source: str | None = None, store: int = 0) -> Evidence:
    """A place that breaks a promise: a ping in a file that it names, or a record in `source`."""
    return Evidence(
        store=store,
        ping=ping,
        source=source or f"archived/1.{ping}.event.jsonlz4",
        position=None,
        at=None,
        event="enroll preference_study",
        person=None,
        note="it is broken here",
        breaks=True,
    )


def finding(
    fingerprint: str = "0" * 32,
    severity: Severity = Severity.LOW,
    change: str | None = "slug",
    places: Iterable[Evidence] = (),
) -> Finding:
    """A finding whose fingerprint is given."""
    return Finding(
        fingerprint=fingerprint,
        severity=severity,
        message="something is broken",
        change=change,
        evidence=tuple(places) or (evidence(),),
    )


def verdict(
    *findings: Finding,
    rule: str = "reuse",
    waivable: bool = True,
    reason: Reason | None = None,
) -> Verdict:
    """A verdict: broken with findings, unproven with a reason, else holding."""
    proven = Outcome.BROKEN if findings else Outcome.HOLDS
    return Verdict(
        rule=rule,
        promise="It is kept.",
        clause="It is kept.",
        section="Enrollment IDs",
        explanation="Why it matters.",
        mend="Mend it.",
        severity=Severity.HIGH,
        waivable=waivable,
        verdict=Outcome.UNPROVEN if reason else proven,
        reason=reason,
        subjects=9,
        broken=len(findings),
        findings=findings,
    )


def store(
    *files: str, path: str = "profile", digest: str = "sha256:1", cut: int = 0
) -> StoreSummary:
    """A store of files, each with a digest made of its path and that of the store."""
    return StoreSummary(
        path=path,
        kind="firefox-profile",
        digest=digest,
        pings=1,
        events=1,
        records=0,
        first=None,
        last=None,
        unreadable=tuple(Unreadable(path=f"cut-{n}", reason="cut short") for n in range(cut)),
        inputs=tuple(Input(path=file, digest=f"{digest} {file}") for file in files),
    )


def report(*verdicts: Verdict, stores: Iterable[StoreSummary] = ()) -> Report:
    """A report of verdicts, on one store unless others are given."""
    return Report(
        auditor="0.1.0",
        versions={},
        rules_digest="",
        contract="documented",
        contract_digest="",
        stores=tuple(stores) or (store(),),
        verdicts=verdicts,
    )
