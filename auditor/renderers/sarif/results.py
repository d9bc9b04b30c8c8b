"""Verdicts and findings as SARIF's results, which say of every rule what came of it."""

from collections.abc import Iterator, Sequence

from auditor.renderers import LEVELS, counted, visible
from auditor.renderers.sarif.flows import flow
from auditor.renderers.sarif.places import LOCATIONS, Json, Places, told
from auditor.report import Finding, Outcome, Reason, Report, Verdict, Waived
from auditor.rule import Severity

# SARIF: `open` is what could not be decided for lack of information, `review` what a person is to
# decide, and `notApplicable` what there was nothing for. None of them is a pass.
_UNPROVEN = {
    Reason.NOTHING_TO_EXAMINE: "notApplicable",
    Reason.OUT_OF_SCOPE: "notApplicable",
    Reason.AMBIGUOUS: "review",
    Reason.NOT_RECORDED: "open",
    Reason.INCOMPLETE: "open",
    None: "open",
}


def outcomes(report: Report, places: Places) -> Iterator[Json]:
    """A result for each verdict that no finding stands for."""
    for number, verdict in enumerate(report.verdicts):
        if not verdict.findings:
            kind = _kind(verdict)
            level = LEVELS[verdict.severity] if kind == "fail" else "none"
            what = {"kind": kind, "level": level, "message": told(_said(verdict))}
            kept = verdict.witness.evidence if verdict.witness else ()
            yield (
                _of(verdict, number)
                | what
                | {
                    "locations": places.stores(),
                    "relatedLocations": [places.of(part) for part in kept[:LOCATIONS]],
                    "suppressions": [],
                }
            )


def gravest(report: Report, most: int) -> Sequence[tuple[int, Finding]]:
    """The findings, each with the index of its verdict: new ones first, the gravest before all."""
    found = [(number, f) for number, v in enumerate(report.verdicts) for f in v.findings]
    found.sort(key=lambda pair: (pair[1].disposition != "new", -pair[1].severity.rank))
    return found[:most]


def result(finding: Finding, number: int, verdict: Verdict, places: Places) -> Json:
    """A finding, with its evidence, and what happened before and after."""
    noted = finding.severity is Severity.NOTE
    kind = "informational" if noted else "fail" if verdict.verdict is Outcome.BROKEN else "review"
    breaking = [part for part in finding.evidence if part.breaks] or list(finding.evidence)
    before = [part for part in finding.evidence if part not in breaking]
    return _of(verdict, number) | {
        "kind": kind,
        "level": LEVELS[finding.severity] if kind == "fail" else "none",
        "message": told(finding.message),
        "locations": [places.of(part) for part in breaking[:LOCATIONS]] or places.stores(),
        "relatedLocations": [places.of(part) for part in before[:LOCATIONS]],
        "codeFlows": [flow(finding, places)] if finding.evidence else [],
        # GitHub goes by the first name alone; to any other reader it says nothing.
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
            "finding/v1": finding.fingerprint,
        },
        "baselineState": "unchanged" if finding.disposition == "baseline" else "new",
        "suppressions": _suppressions(finding),
        "properties": {"severity": finding.severity, "disposition": finding.disposition},
    }


def _of(verdict: Verdict, number: int) -> Json:
    return {"ruleId": told(verdict.rule)["text"], "ruleIndex": number}


def _suppressions(finding: Finding) -> list[Json]:
    """What stands outside the store and excuses the finding."""
    if finding.disposition != "waived":
        return []
    return [{"kind": "external", "status": "accepted"} | _answered(finding.waiver)]


def _answered(waiver: Waived | None) -> Json:
    """Who answers for the finding, why, and until when."""
    if waiver is None:
        return {}
    names = {"owner": waiver.owner, "approver": waiver.approver, "expires": waiver.expires}
    properties = {name: visible(text) for name, text in names.items()}
    return {"justification": visible(waiver.justification), "properties": properties}


def _kind(verdict: Verdict) -> str:
    if verdict.verdict is Outcome.UNPROVEN:
        return _UNPROVEN[verdict.reason]
    return "pass" if verdict.verdict is Outcome.HOLDS else "fail"


def _said(verdict: Verdict) -> str:
    if verdict.verdict is Outcome.UNPROVEN:
        return ": ".join(filter(None, (f"Unproven, {verdict.reason}", verdict.detail)))
    detail = f"; {verdict.detail}" if verdict.detail else ""
    if verdict.verdict is Outcome.HOLDS:
        kept = f"; kept by {verdict.witness.message}" if verdict.witness else ""
        return f"Holds for {counted(verdict.subjects, 'subject')}{detail}{kept}"
    return f"Broken by {verdict.broken} of {counted(verdict.subjects, 'subject')}{detail}"
