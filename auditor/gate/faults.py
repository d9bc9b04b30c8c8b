"""What is wrong with a baseline or a waiver: findings about the gate itself.

A waiver that excuses nothing although somebody believes that it does (expired, of a rule that is
unknown or not waivable) is `low`, so it fails an audit. What is merely left over is a `note`:
whoever mends a breach is not failed for it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches

from auditor.gate.baseline import Ledger, counted
from auditor.gate.identity import examined
from auditor.gate.waivers import Waiver
from auditor.report import GateFinding, Report
from auditor.rule import Rule, Severity


def of_waiver(
    waiver: Waiver, place: str, today: date, rules: Mapping[str, Rule]
) -> GateFinding | None:
    """Why a waiver excuses nothing, if it does not."""
    if waiver.rule not in rules:
        near = get_close_matches(waiver.rule, rules, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return _low("unknown-rule", waiver.rule, place, f"there is no such rule{hint}")
    if not rules[waiver.rule].waivable:
        return _low("not-waivable", waiver.rule, place, "this rule cannot be waived")
    if today > waiver.expires:
        message = f"this waiver of {waiver.owner} ended with {waiver.expires}"
        return _low("expired-waiver", waiver.rule, place, message)
    return None


def of_idle(report: Report, idle: Iterable[tuple[Waiver, str]]) -> Iterator[GateFinding]:
    """The waivers that cover nothing, of the rules that could have shown something to cover."""
    seen = examined(report)
    for waiver, place in idle:
        if waiver.rule in seen:
            yield GateFinding(
                kind="unused-waiver",
                severity=Severity.NOTE,
                rule=waiver.rule,
                place=place,
                message=f"this waiver of {waiver.owner} covers no finding",
            )


def of_baseline(
    report: Report, ledger: Ledger, name: str, rules: Mapping[str, Rule]
) -> Iterator[GateFinding]:
    """Entries that excuse nothing, told once for each rule."""
    kept = ledger.baseline.counts()
    for rule in sorted({rule for rule, _ in kept}):
        if rule in rules and not rules[rule].waivable:
            yield _low("not-waivable", rule, name, "this rule cannot be put into a baseline")
    gone = Counter(
        rule for rule, _ in (kept - counted(report, ledger)).elements() if rule in examined(report)
    )
    for rule, number in sorted(gone.items()):
        yield GateFinding(
            kind="stale-baseline",
            severity=Severity.NOTE,
            rule=rule,
            place=name,
            message=f"{number} of its entries: the breach is gone; `auditor baseline prune` "
            "takes such entries out",
        )


def gravest_first(fault: GateFinding) -> tuple[int, str, str, str]:
    """The order in which a report tells them."""
    return -fault.severity.rank, fault.rule, fault.place, fault.kind


def _low(kind: str, rule: str, place: str, message: str) -> GateFinding:
    return GateFinding.model_validate(
        {"kind": kind, "severity": Severity.LOW, "rule": rule, "place": place, "message": message}
    )
