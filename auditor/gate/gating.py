"""A report through the gate: each finding with its disposition, and what is wrong with the gate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from auditor.gate import faults
from auditor.gate.baseline import Ledger, absorbed
from auditor.gate.waivers import Waivers
from auditor.report import Finding, Gate, GateFinding, Report
from auditor.rule import Rule

Key = tuple[str, int]
"""Of a finding: its rule, and its number among the findings of that rule."""


@dataclass(frozen=True)
class Accepted:
    """A baseline that was read: its ledger, its file's name and digest."""

    ledger: Ledger
    name: str
    digest: str


@dataclass(frozen=True)
class Excuses:
    """What may excuse findings. `today` is the day by which waivers are judged."""

    today: date
    baseline: Accepted | None = None
    waivers: Waivers | None = None


def gated(report: Report, excuses: Excuses, rules: Mapping[str, Rule]) -> Report:
    """The report with what excuses its findings. `rules` are all that there are, by name.

    Waivers come first: they have an end, and what ends is to be seen.
    """
    waivers, baseline = excuses.waivers, excuses.baseline
    wrong: list[GateFinding] = []
    if waivers:
        report, wrong = _through_waivers(report, waivers, excuses.today, rules)
    if baseline:
        report = _through_baseline(report, baseline)
        wrong += faults.of_baseline(report, baseline.ledger, baseline.name, rules)
    gate = Gate(
        today=excuses.today.isoformat() if waivers else None,
        baseline=baseline.digest if baseline else None,
        waivers=waivers.digest if waivers else None,
        findings=tuple(sorted(wrong, key=faults.gravest_first)),
    )
    return report.model_copy(update={"gate": gate}) if waivers or baseline else report


def _through_waivers(
    report: Report, waivers: Waivers, today: date, rules: Mapping[str, Rule]
) -> tuple[Report, list[GateFinding]]:
    void = {
        number: fault
        for number, (waiver, place) in enumerate(waivers.waivers)
        if (fault := faults.of_waiver(waiver, place, today, rules))
    }
    valid = [pair for pair in enumerate(waivers.waivers) if pair[0] not in void]
    covered = {
        key: next((n for n, (each, _) in valid if each.covers(report, key[0], finding)), None)
        for key, finding in findings(report).items()
    }

    def waived(key: Key, finding: Finding) -> Finding:
        number = covered[key]
        if number is None:
            return finding
        told = waivers.waivers[number][0].told()
        return finding.model_copy(update={"disposition": "waived", "waiver": told})

    idle = [waivers.waivers[n] for n, _ in valid if n not in covered.values()]
    return _each(report, waived), [*void.values(), *faults.of_idle(report, idle)]


def _through_baseline(report: Report, baseline: Accepted) -> Report:
    waivable = {verdict.rule for verdict in report.verdicts if verdict.waivable}
    open_to_it = {
        key: finding
        for key, finding in findings(report).items()
        if finding.disposition == "new" and key[0] in waivable
    }
    found = [
        (baseline.ledger.name(report, rule, finding), finding.severity)
        for (rule, _), finding in open_to_it.items()
    ]
    had = dict(zip(open_to_it, absorbed(baseline.ledger.baseline, found), strict=True))
    return _each(
        report,
        lambda key, finding: finding.model_copy(
            update={"disposition": "baseline"} if had.get(key) else {}
        ),
    )


def findings(report: Report) -> dict[Key, Finding]:
    """Every finding of a report."""
    return {
        (verdict.rule, number): finding
        for verdict in report.verdicts
        for number, finding in enumerate(verdict.findings)
    }


def _each(report: Report, change: Callable[[Key, Finding], Finding]) -> Report:
    """The report with each finding as `change` makes it."""
    verdicts = (
        verdict.model_copy(
            update={
                "findings": tuple(
                    change((verdict.rule, number), finding)
                    for number, finding in enumerate(verdict.findings)
                )
            }
        )
        for verdict in report.verdicts
    )
    return report.model_copy(update={"verdicts": tuple(verdicts)})
