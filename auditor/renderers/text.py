"""The report as text for a terminal, read from the gravest broken promise down."""

from collections.abc import Iterable, Iterator
from io import StringIO
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from auditor.renderers import (
    counted,
    found,
    gate_findings,
    gravest_first,
    gravity,
    newest_first,
    place,
    summary,
    tested,
    visible,
    waived,
)
from auditor.report import Evidence, Finding, Outcome, Report, Verdict
from auditor.rule import Severity

SUFFIX = ".txt"

_FINDINGS = 3
_PLACES = 8
_HANG = 2
_STYLES = {
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "red",
    Severity.LOW: "yellow",
    Severity.NOTE: "cyan",
}


class _Line(NamedTuple):
    indent: int
    text: Text


def render(report: Report, *, color: bool = False, width: int = 100) -> str:
    """Write the text, in lines of at most `width` cells."""
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        highlight=False,
        # The text depends on the report alone: not on TERM or COLUMNS, not on a notebook.
        _environ={},
        force_jupyter=False,
    )
    with console.capture() as capture:
        for line in _page(report, width):
            _print(console, line)
    return capture.get()


def _print(console: Console, line: _Line) -> None:
    indent, room = line.indent, max(console.width - line.indent, 1)
    if line.text.cell_len > room:
        room = max(room - _HANG, 1)
    for part in line.text.wrap(console, room) or [Text()]:
        part.rstrip()
        console.print(Text(" " * indent if part else "") + part, soft_wrap=True)
        indent = line.indent + _HANG


def _line(indent: int, *parts: str | tuple[str, str]) -> _Line:
    """Join parts, plain or styled, none of which can steer the terminal."""
    seen = ((visible(p), "") if isinstance(p, str) else (visible(p[0]), p[1]) for p in parts)
    return _Line(indent, Text.assemble(*seen))


def _page(report: Report, width: int) -> Iterator[_Line]:
    yield from _broken(report, width)
    yield from _section(_line(0, ("UNPROVEN", "bold yellow")), _unproven(report, width))
    yield from _section(_line(0, ("HOLDS", "bold green"), "  (subjects)"), _holds(report, width))
    yield from _section(_line(0, ("UNREADABLE", "bold red")), _unreadable(report))
    yield from _section(_line(0, ("GATE", "bold yellow")), _gate(report))
    yield _line(0, (summary(report), "bold"))


def _section(head: _Line, lines: Iterable[_Line]) -> Iterator[_Line]:
    told = tuple(lines)
    yield from (head, *told, _line(0)) if told else ()


def _of(report: Report, outcome: Outcome) -> list[Verdict]:
    return [verdict for verdict in report.verdicts if verdict.verdict is outcome]


def _broken(report: Report, width: int) -> Iterator[_Line]:
    for verdict in gravest_first(_of(report, Outcome.BROKEN)):
        severity = gravity(verdict)
        label = (f"BROKEN {severity.upper()}", _STYLES[severity])
        yield _line(0, label, "  ", (verdict.promise, "bold"))
        extent = f"{verdict.broken} of {counted(verdict.subjects, 'subject')}"
        yield _line(2, verdict.rule, "  ", extent, f"  {verdict.detail}" if verdict.detail else "")
        yield from _tested(verdict)
        yield from _findings(verdict, report, width)
        yield _line(0)


def _findings(verdict: Verdict, report: Report, width: int) -> Iterator[_Line]:
    findings = newest_first(verdict.findings)
    for finding in findings[:_FINDINGS]:
        standing = "" if finding.disposition == "new" else f", {finding.disposition}"
        label = (f"{finding.severity}{standing}: ", _STYLES[finding.severity])
        yield _line(4, label, finding.message)
        yield from ((_line(6, waived(finding.waiver)),) if finding.waiver else ())
        yield from _places(finding, report, width)
    more = found(verdict) - _FINDINGS
    if findings and more > 0:
        yield _line(4, f"and {more} more")


def _places(finding: Finding, report: Report, width: int) -> Iterator[_Line]:
    shown = finding.evidence[:_PLACES]
    longest = max((cell_len(visible(evidence.event)) for evidence in shown), default=0)
    for evidence in shown:
        yield from _evidence(evidence, _place(evidence, report), min(longest, 40), width)
    if len(finding.evidence) > _PLACES:
        yield _line(6, f"and {counted(len(finding.evidence) - _PLACES, 'more place')}")


def _evidence(evidence: Evidence, where: str, event_width: int, width: int) -> Iterator[_Line]:
    event = visible(evidence.event)
    event += " " * (event_width - cell_len(event))
    what = f"{evidence.at or 'no time':<20}  {event}  {visible(evidence.note)}"
    if 6 + cell_len(f"{what}   {where}") <= width:
        yield _line(6, what, (f"   {where}", "dim"))
    else:
        yield from (_line(6, what), _line(8, (_shortened(where, width - 8), "dim")))


def _place(evidence: Evidence, report: Report) -> str:
    ping = evidence.ping if evidence.ping and evidence.ping not in evidence.source else None
    position = None if evidence.position is None else f"#{evidence.position}"
    parts = (place(evidence, report), ping and f"ping {ping}", position)
    return visible("  ".join(filter(None, parts)))


def _shortened(where: str, room: int) -> str:
    """Leave out folders in the middle, but keep the file's name whole: it can be searched for."""
    folder, slash, name = where.rpartition("/")
    if not slash or cell_len(where) <= room:
        return where
    start, slash, _ = folder[: max(room - cell_len(name) - 2, 0)].rpartition("/")
    return f"{start}{slash}…/{name}"


def _unproven(report: Report, width: int) -> Iterator[_Line]:
    for verdict in _of(report, Outcome.UNPROVEN):
        why = ": ".join(filter(None, (verdict.reason, verdict.detail)))
        yield _line(2, verdict.rule, "  ", why or "no reason given")
        yield from _tested(verdict)
        yield from _findings(verdict, report, width)


def _holds(report: Report, width: int) -> Iterator[_Line]:
    holds = _of(report, Outcome.HOLDS)
    digits = max((len(str(verdict.subjects)) for verdict in holds), default=0)
    for verdict in holds:
        detail = f"  {verdict.detail}" if verdict.detail else ""
        yield _line(2, f"{verdict.subjects:>{digits}}  {verdict.rule}{detail}")
        yield from _tested(verdict)
        yield from _witness(verdict, report, width)


def _tested(verdict: Verdict) -> Iterator[_Line]:
    if told := tested(verdict):
        yield _line(4, f"put to the test, {told}")


def _witness(verdict: Verdict, report: Report, width: int) -> Iterator[_Line]:
    if verdict.witness:
        yield _line(4, f"kept by {verdict.witness.message}")
        for evidence in verdict.witness.evidence:
            event_width = min(cell_len(visible(evidence.event)), 40)
            yield from _evidence(evidence, _place(evidence, report), event_width, width)


def _unreadable(report: Report) -> Iterator[_Line]:
    for unreadable in report.unreadable:
        yield _line(2, unreadable.path, "  ", unreadable.reason)


def _gate(report: Report) -> Iterator[_Line]:
    for fault in gate_findings(report):
        label = (f"{fault.severity}: ", _STYLES[fault.severity])
        yield _line(2, label, f"{fault.place}: {fault.rule}: {fault.message}")
