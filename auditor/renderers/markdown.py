"""The report as Markdown: a page for a compliance officer to read, print and file."""

from collections.abc import Iterable, Iterator

from auditor.renderers import (
    counted,
    dispositions,
    gravest_first,
    gravity,
    place,
    shard,
    tested,
    waived,
    why,
)
from auditor.renderers import unmarked as _plain
from auditor.report import Evidence, Finding, Outcome, Report, StoreSummary, Unreadable, Verdict

SUFFIX = ".md"


def render(report: Report) -> Iterator[str]:
    """Write the page: what was audited, every verdict, then what stands behind each."""
    parts = (
        _head(report),
        _verdicts(report),
        _gate(report),
        _broken(report),
        _unproven(report),
        _witnesses(report),
        _tested(report),
    )
    for part in (*parts, _unreadable(report.unreadable)):
        yield from (f"{line}\n" for line in part)


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    heads = tuple(heads)
    yield _row(heads)
    yield _row("---" for _ in heads)
    yield from (_row(_cell(value) for value in row) for row in rows)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: object) -> str:
    return "" if value is None else _plain(str(value))


def _head(report: Report) -> Iterator[str]:
    yield from ("# Privacy audit", "")
    yield f"By auditor {_plain(report.auditor)}, against the contract {_plain(report.contract)},"
    yield from (f"and the rules {_plain(report.rules_digest)}.", "")
    if report.shard:
        yield from (f"This is no whole audit{_plain(shard(report))}.", "")
    yield from ("## Stores", "")
    yield from map(_store, report.stores)
    yield from (() if report.stores else ("No store was audited.",))
    yield ""


def _store(store: StoreSummary) -> str:
    contents = f"{counted(store.pings, 'ping')}, {counted(store.events, 'event')}"
    span = f", {_cell(store.first)} to {_cell(store.last)}" if store.first or store.last else ""
    name = f"Store {_plain(store.path)} ({_plain(store.kind)})"
    return f"- {name}: {contents}{span}; {_plain(store.digest)}"


def _of(report: Report, outcome: Outcome) -> list[Verdict]:
    return gravest_first(verdict for verdict in report.verdicts if verdict.verdict is outcome)


def _verdicts(report: Report) -> Iterator[str]:
    sorts = {outcome: _of(report, outcome) for outcome in Outcome}
    yield from ("## Promises", "")
    numbers = {outcome: len(verdicts) for outcome, verdicts in sorts.items()}
    hold = "holds" if numbers[Outcome.HOLDS] == 1 else "hold"
    yield f"Of {counted(len(report.verdicts), 'promise')}: {numbers[Outcome.BROKEN]} broken,"
    yield f"{numbers[Outcome.HOLDS]} {hold}, {numbers[Outcome.UNPROVEN]} unproven."
    yield ""
    yield from _table(
        ("Verdict", "Severity", "Rule", "Promise", "Subjects", "Broken"),
        (
            (each.verdict, gravity(each), each.rule, each.promise, each.subjects, each.broken)
            for outcome in (Outcome.BROKEN, Outcome.UNPROVEN, Outcome.HOLDS)
            for each in sorts[outcome]
        ),
    )


def _gate(report: Report) -> Iterator[str]:
    if report.gate is None:
        return
    yield from ("## Gate", "")
    yield from (f"Findings: {dispositions(report)}.", "")
    files = (("baseline", report.gate.baseline), ("waivers", report.gate.waivers))
    yield from (f"- The {name}: {_plain(digest)}" for name, digest in files if digest)
    yield from (f"- The day: {report.gate.today}",) if report.gate.today else ()
    yield ""
    if report.gate.findings:
        heads = ("Severity", "Place", "Rule", "What is wrong")
        rows = (
            (each.severity, each.place, each.rule, each.message) for each in report.gate.findings
        )
        yield from _table(heads, rows)


def _broken(report: Report) -> Iterator[str]:
    broken = _of(report, Outcome.BROKEN)
    yield from ("## Broken promises", "")
    yield from (() if broken else ("No promise was found broken.", ""))
    for verdict in broken:
        yield from (f"### {_plain(verdict.promise)}", "")
        extent = f"{verdict.broken} of {counted(verdict.subjects, 'subject')}"
        yield from (f"Rule {_plain(verdict.rule)}, {gravity(verdict)}: {extent}.", "")
        yield from (f"> “{_plain(' '.join(verdict.clause.split()))}”", "")
        yield from ((f"Extent: {_plain(verdict.detail)}", "") if verdict.detail else ())
        yield from (f"Why it matters: {_plain(why(verdict))}", "")
        yield from (f"What to do: {_plain(verdict.mend)}", "")
        yield from _findings(verdict.findings, report)


def _findings(findings: Iterable[Finding], report: Report) -> Iterator[str]:
    for finding in findings:
        standing = "" if finding.disposition == "new" else f", {finding.disposition}"
        yield from (f"**Finding ({finding.severity}{standing}):** {_plain(finding.message)}", "")
        yield from ((f"Waiver: {_plain(waived(finding.waiver))}", "") if finding.waiver else ())
        yield from (f"Fingerprint {_plain(finding.fingerprint)}", "")
        yield from _evidence(finding.evidence, report)


def _evidence(evidence: tuple[Evidence, ...], report: Report) -> Iterator[str]:
    return _table(
        ("Ping", "Source", "Position", "At", "Event", "Note"),
        (
            (each.ping, place(each, report), each.position, each.at, each.event, each.note)
            for each in evidence
        ),
    )


def _witnesses(report: Report) -> Iterator[str]:
    witnesses = [(v, v.witness) for v in _of(report, Outcome.HOLDS) if v.witness]
    yield from (("## Witnesses of what holds", "") if witnesses else ())
    for verdict, witness in witnesses:
        yield from (f"### {_plain(verdict.promise)}", "")
        yield from (f"Rule {_plain(verdict.rule)}, kept by {_plain(witness.message)}", "")
        yield from _evidence(witness.evidence, report)


def _tested(report: Report) -> Iterator[str]:
    told = [(verdict.rule, tested(verdict)) for verdict in report.verdicts if verdict.selftest]
    yield from (("## The rules put to the test", "") if told else ())
    yield from (f"- {_plain(rule)}: {line}" for rule, line in told)
    yield from (("",) if told else ())


def _unproven(report: Report) -> Iterator[str]:
    unproven = _of(report, Outcome.UNPROVEN)
    yield from ("## Unproven promises", "")
    yield from (() if unproven else ("Every promise could be tested.", ""))
    for verdict in unproven:
        yield from (f"### {_plain(verdict.promise)}", "")
        why = ": ".join(filter(None, (verdict.reason, verdict.detail and _plain(verdict.detail))))
        yield from (f"Rule {_plain(verdict.rule)}, {why or 'no reason given'}", "")
        yield from (f"> “{_plain(' '.join(verdict.clause.split()))}”", "")
        yield from _findings(verdict.findings, report)


def _unreadable(unreadable: Iterable[Unreadable]) -> Iterator[str]:
    lines = [f"- Input {_plain(each.path)}: {_plain(each.reason)}" for each in unreadable]
    yield from ("## Unreadable inputs", "", *(lines or ["Every input could be read."]))
