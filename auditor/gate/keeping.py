"""Keeping a baseline: written once, added to on purpose, and pruned of what is gone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from auditor.gate.baseline import Baseline, Entry, Ledger, Name, begun, counted
from auditor.gate.identity import examined
from auditor.report import Report
from auditor.rule import Severity

Grades = Mapping[Name, list[Severity]]
"""How grave each breach is, as often as it is there, from the gravest down."""


def first(report: Report, token_key: bytes | None, seen: str | None) -> Baseline:
    """A baseline of every finding that may be excused, first seen on the day `seen`."""
    return extended(begun(report, token_key), report, seen)


def extended(ledger: Ledger, report: Report, seen: str | None) -> Baseline:
    """The baseline with what is new in the report; what is not in the report stays.

    A breach that became graver takes the place of what it was: were it added beside it, a second
    breach could pass as the first.
    """
    old, found = _in_baseline(ledger.baseline), _in_report(report, ledger)
    merged = {
        name: [
            max(pair, key=_rank)
            for pair in zip_longest(old.get(name, ()), found.get(name, ()), fillvalue=Severity.NOTE)
        ]
        for name in old.keys() | found.keys()
    }
    return _of(ledger, merged, seen)


def pruned(ledger: Ledger, report: Report) -> Baseline:
    """The baseline without what is gone.

    Gone is only what a rule would have shown: one that was unproven, was not held against the
    stores, or had not all of its input, shows nothing, and its entries stay.
    """
    seen, left = examined(report), counted(report, ledger)
    kept = {
        name: grades[: left[name]] if name[0] in seen else grades
        for name, grades in _in_baseline(ledger.baseline).items()
    }
    return _of(ledger, kept, None)


def refused(report: Report) -> tuple[str, ...]:
    """The rules with findings that no baseline can hold."""
    return tuple(v.rule for v in report.verdicts if v.findings and not v.waivable)


def _in_baseline(baseline: Baseline) -> Grades:
    return _graded((e.name, e.severity) for e in baseline.entries for _ in range(e.count))


def _in_report(report: Report, ledger: Ledger) -> Grades:
    found = (
        (ledger.name(report, verdict.rule, finding), finding.severity)
        for verdict in report.verdicts
        for finding in verdict.findings
        if verdict.waivable and finding.disposition != "waived"
    )
    return _graded((name, severity) for name, severity in found if name)


def _graded(found: Iterable[tuple[Name, Severity]]) -> Grades:
    grades: defaultdict[Name, list[Severity]] = defaultdict(list)
    for name, severity in sorted(found, key=lambda pair: -_rank(pair[1])):
        grades[name].append(severity)
    return grades


def _rank(severity: Severity) -> int:
    return severity.rank


def _of(ledger: Ledger, grades: Grades, seen: str | None) -> Baseline:
    known = {entry.name: entry.first_seen for entry in ledger.baseline.entries}
    entries = (
        Entry(
            rule=name[0],
            fingerprint=name[1],
            severity=severity,
            count=count,
            first_seen=known.get(name, seen),
        )
        for name, severities in grades.items()
        for severity, count in Counter(severities).items()
    )
    ordered = tuple(sorted(entries, key=lambda entry: entry.order))
    return ledger.baseline.model_copy(update={"entries": ordered})
