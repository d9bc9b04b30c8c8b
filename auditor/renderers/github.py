"""The report as GitHub's annotations: what a workflow prints to mark its run with what was found.

GitHub shows the first ten annotations of each level in a step, and drops the rest unsaid. So the
gravest come first, what is beyond ten stands in a group of the log, and a last line counts all.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from auditor.renderers import LEVELS, counted, gate_findings, gravest_first, summary, visible
from auditor.report import Reason, Report, Verdict
from auditor.rule import Severity

_SHOWN = 10
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


class _Annotation(NamedTuple):
    level: str
    title: str
    text: str


def render(report: Report) -> Iterator[str]:
    """Write a line for what made the audit incomplete, each fault of the gate and each breach."""
    told = [*_incomplete(report), *_gate(report), *_broken(report)]
    beyond = []
    for level in _COMMANDS:
        of_level = [each for each in told if each.level == level]
        yield from map(_command, of_level[:_SHOWN])
        beyond += of_level[_SHOWN:]
    yield from _group(beyond)
    yield f"auditor: {_harmless(summary(report))}\n"


def _incomplete(report: Report) -> Iterator[_Annotation]:
    if report.unreadable:
        first = report.unreadable[0]
        more = f", and {len(report.unreadable) - 1} more" if len(report.unreadable) > 1 else ""
        yield _Annotation(
            "error", "Inputs could not be read", f"{first.path}: {first.reason}{more}"
        )
    for verdict in report.verdicts:
        if verdict.reason is Reason.INCOMPLETE and not report.unreadable:
            yield _Annotation("error", verdict.rule, verdict.detail or "could not be decided")


def _gate(report: Report) -> Iterator[_Annotation]:
    """What is wrong with the files that should excuse findings."""
    for fault in gate_findings(report):
        title = f"{fault.kind} ({fault.severity})"
        text = f"{fault.place}: {fault.rule}: {fault.message}"
        yield _Annotation(LEVELS[fault.severity], title, text)


def _broken(report: Report) -> Iterator[_Annotation]:
    """The promises that have findings which nothing excuses, at the level of the gravest."""
    for verdict in gravest_first(report.verdicts):
        new = [finding for finding in verdict.findings if finding.disposition == "new"]
        if new:
            gravest = max(new, key=lambda finding: finding.severity.rank)
            more = f", and {len(new) - 1} more" if len(new) > 1 else ""
            text = f"{verdict.promise} Broken: {gravest.message}{more}"
            yield _Annotation(LEVELS[gravest.severity], _title(verdict, gravest.severity), text)


def _title(verdict: Verdict, severity: Severity) -> str:
    return f"{verdict.rule} ({severity})"


def _command(told: _Annotation) -> str:
    title = _escaped(told.title).replace(":", "%3A").replace(",", "%2C")
    return f"::{_COMMANDS[told.level]} title={title}::{_escaped(told.text)}\n"


def _group(beyond: Iterable[_Annotation]) -> Iterator[str]:
    lines = [f"{each.level}: {each.title}: {each.text}" for each in beyond]
    if lines:
        yield f"::group::{counted(len(lines), 'more annotation')}\n"
        yield from (f"{_harmless(line)}\n" for line in lines)
        yield "::endgroup::\n"


def _escaped(text: str) -> str:
    """Escape what would end a command or begin another; line breaks are visible escapes already."""
    return _harmless(text).replace("%", "%25")


def _harmless(text: str) -> str:
    """A line of the log. The runner obeys `##[...]` anywhere in a line, and `::` at its start."""
    return visible(text).replace("##[", "# #[")
