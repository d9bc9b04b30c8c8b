"""The report as JUnit's XML, which every build server shows: a suite for each part of the document.

A test case is a promise, or a fault of the gate. It fails where the audit does: on a finding that
nothing excuses, from the severity that `--fail-on` names. It passes where the promise holds, and
nowhere else: what is broken but fails no audit is skipped, as is what could not be proven.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from auditor.renderers import counted, gate_findings, gravity, summary, visible, waived
from auditor.report import (
    Evidence,
    Finding,
    GateFinding,
    Outcome,
    Reason,
    Report,
    StoreSummary,
    Verdict,
)
from auditor.rule import Severity

SUFFIX = ".xml"

_FINDINGS = 20
_PLACES = 5


def render(report: Report) -> str:
    """Write the document. The same report gives the same document: no case has a time."""
    cases: defaultdict[str, list[Element]] = defaultdict(list)
    for verdict in report.verdicts:
        cases[verdict.section].append(_promise(verdict, _least(report)))
    faults = gate_findings(report)
    cases |= {"Gate": [_fault(fault, _least(report)) for fault in faults]} if faults else {}
    cases["Inputs"] += [_input(store) for store in report.stores]
    root = Element("testsuites", name=visible(f"auditor: {summary(report)}"))
    for section, elements in sorted(cases.items()):
        _suite(root, section, elements)
    _count(root, list(root.iter("testcase")))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _least(report: Report) -> Severity:
    """From which severity the audit fails; what never fails it is shown from low upwards."""
    asked = report.options.get("fail_on")
    return Severity(asked) if asked in set(Severity) else Severity.LOW


def _suite(root: Element, section: str, cases: list[Element]) -> None:
    suite = SubElement(root, "testsuite", name=visible(section))
    suite.extend(cases)
    _count(suite, cases)


def _count(element: Element, cases: list[Element]) -> None:
    tags = [part.tag for case in cases for part in case]
    element.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(tags.count(tag)))


def _promise(verdict: Verdict, least: Severity) -> Element:
    case = Element("testcase", classname=visible(verdict.section), name=visible(verdict.rule))
    findings = "\n".join(_told(verdict.findings))
    if verdict.reason is Reason.INCOMPLETE:
        _outcome(case, "error", "incomplete", verdict.detail or "could not be decided", findings)
    elif verdict.verdict is Outcome.UNPROVEN:
        why = ": ".join(filter(None, (verdict.reason, verdict.detail)))
        _outcome(case, "skipped", "unproven", why, findings)
    elif verdict.verdict is Outcome.BROKEN:
        extent = f"{verdict.broken} of {counted(verdict.subjects, 'subject')}"
        text = "\n".join(filter(None, (extent, findings, f"What to do: {visible(verdict.mend)}")))
        failing = _fails(verdict, least)
        tag, standing = ("failure", "") if failing else ("skipped", "broken, but fails no audit: ")
        _outcome(case, tag, gravity(verdict), standing + verdict.promise, text)
    elif verdict.witness:
        lines = (visible(f"kept by {verdict.witness.message}"), *_places(verdict.witness.evidence))
        SubElement(case, "system-out").text = "\n".join(lines)
    return case


def _fails(verdict: Verdict, least: Severity) -> bool:
    """Whether the audit fails by it; a breach of which no finding tells is excused by nothing."""
    counting = [part.severity for part in verdict.findings if part.disposition == "new"]
    told = counting if verdict.findings else [verdict.severity]
    return any(severity.rank >= least.rank for severity in told)


def _fault(fault: GateFinding, least: Severity) -> Element:
    """Something wrong with a waiver or a baseline, which fails the audit as any finding does."""
    name = visible(f"{fault.kind}: {fault.place}: {fault.rule}")
    case = Element("testcase", classname="Gate", name=name)
    failing = fault.severity.rank >= least.rank
    tag, standing = ("failure", "") if failing else ("skipped", "fails no audit: ")
    _outcome(case, tag, fault.severity, standing + fault.message, "")
    return case


def _input(store: StoreSummary) -> Element:
    """Whether a store could be read, whole."""
    case = Element("testcase", classname="Inputs", name=visible(store.path))
    if store.unreadable:
        lines = [visible(f"{part.path}: {part.reason}") for part in store.unreadable[:_FINDINGS]]
        more = len(store.unreadable) - len(lines)
        lines += [f"and {more} more"] if more else []
        what = f"{counted(len(store.unreadable), 'input')} could not be read"
        _outcome(case, "error", "unreadable", what, "\n".join(lines))
    return case


def _outcome(case: Element, tag: str, kind: str, message: str, text: str) -> None:
    element = SubElement(case, tag, type=kind, message=visible(message))
    element.text = text or None


def _told(findings: tuple[Finding, ...]) -> Iterator[str]:
    shown = sorted(findings, key=lambda f: (f.disposition != "new", -f.severity.rank))
    for finding in shown[:_FINDINGS]:
        standing = "" if finding.disposition == "new" else f", {finding.disposition}"
        yield visible(f"{finding.severity}{standing}: {finding.message}")
        yield from ((visible(f"  {waived(finding.waiver)}"),) if finding.waiver else ())
        yield from _places(finding.evidence)
    if len(findings) > _FINDINGS:
        yield f"and {len(findings) - _FINDINGS} more"


def _places(evidence: tuple[Evidence, ...]) -> Iterable[str]:
    for part in evidence[:_PLACES]:
        position = "" if part.position is None else f"  #{part.position}"
        where = f"store {part.store + 1}: {part.source}{position}"
        yield visible(f"  {part.at or 'no time'}  {part.event}  {part.note}  {where}")
    if len(evidence) > _PLACES:
        yield f"  and {counted(len(evidence) - _PLACES, 'more place')}"
