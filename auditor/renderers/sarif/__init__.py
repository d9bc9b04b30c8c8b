"""The report as SARIF 2.1.0, for GitHub code scanning and other consumers of static analysis.

GitHub refuses a file with more than 25,000 results in its run, or of more than 10 MB under gzip.
The gravest findings are written up to there, and the file says how many it leaves out.
"""

import json
import re
import zlib
from collections.abc import Iterator

from auditor.renderers import LEVELS, counted, gate_findings, visible
from auditor.renderers.sarif.places import Json, Places, told
from auditor.renderers.sarif.results import gravest, outcomes, result
from auditor.renderers.sarif.rules import described
from auditor.report import Gate, Reason, Report

SUFFIX = ".sarif"

RESULTS = 25_000
ROOM = 9_500_000
"""Bytes under gzip, which leave some for what stands after the findings."""

_NOTIFICATIONS = 1_000
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(report: Report) -> Iterator[str]:
    """Write the log, part by part, a result in each line."""
    places = Places(report.stores)
    start = _line({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_head(report, places)]})
    opening = start.removesuffix("}]}") + ', "results": [\n'
    yield opening
    others = [_line(each) for each in outcomes(report, places)]
    yield ",\n".join(others)
    room, first, written = _Room(ROOM), not others, 0
    room.taken_by(opening + ",\n".join(others))
    for number, finding in gravest(report, RESULTS - len(others)):
        line = _line(result(finding, number, report.verdicts[number], places))
        if not room.taken_by(line):
            break
        yield line if first else f",\n{line}"
        first, written = False, written + 1
    yield "\n], " + _line(_foot(report, places, written)).removeprefix("{") + "]}\n"


class _Room:
    """What is left of a file's size under gzip."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._squeezed = zlib.compressobj()

    def taken_by(self, text: str) -> bool:
        """Take the room that the text needs, and say whether there was enough."""
        self._left -= len(self._squeezed.compress(text.encode()))
        return self._left > 0


def _line(value: Json) -> str:
    line = json.dumps(value, ensure_ascii=False)
    # Half a surrogate pair, as in a path that is no UTF-8, is in no UTF-8 either.
    return re.sub("[\ud800-\udfff]", "\ufffd", line)


def _head(report: Report, places: Places) -> Json:
    driver = {
        "name": "auditor",
        "version": report.auditor,
        "rules": [described(verdict) for verdict in report.verdicts],
    }
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": places.bases(),
        "artifacts": list(places.artifacts()),
    }


def _foot(report: Report, places: Places, written: int) -> Json:
    """What is known once the findings are written: how many are missing, and how the audit went."""
    findings = sum(len(verdict.findings) for verdict in report.verdicts)
    left_out = {"findings": findings - written, "inputs": places.unlisted}
    whole = not any(verdict.reason is Reason.INCOMPLETE for verdict in report.verdicts)
    told_ = [*_left_out(left_out, findings), *_unreadable(report, places)]
    invocation = {
        "executionSuccessful": whole and not report.unreadable,
        "toolExecutionNotifications": told_,
        "toolConfigurationNotifications": list(_gate(report)),
    }
    properties = {
        "findings": findings,
        "leftOut": left_out,
        "audited": report.audited,
        "gate": _files(report.gate) if report.gate else None,
        "contract": report.contract,
        "contractDigest": report.contract_digest,
        "rulesDigest": report.rules_digest,
        "options": dict(report.options),
        "versions": dict(report.versions),
    }
    return {"invocations": [invocation], "properties": properties}


def _files(gate: Gate) -> Json:
    """What was held to excuse findings: the files by their digests, and the day."""
    return {"today": gate.today, "baseline": gate.baseline, "waivers": gate.waivers}


def _gate(report: Report) -> Iterator[Json]:
    """What is wrong with the files that should excuse findings."""
    index = {verdict.rule: number for number, verdict in enumerate(report.verdicts)}
    faults = gate_findings(report)
    for fault in faults[:_NOTIFICATIONS]:
        what = f"{fault.place}: {fault.rule}: {fault.message}"
        rule = {"index": index[fault.rule]} if fault.rule in index else {}
        about = {"associatedRule": {"id": visible(fault.rule)} | rule}
        yield _notification(fault.kind, LEVELS[fault.severity], what) | about
    if len(faults) > _NOTIFICATIONS:
        more = f"{len(faults) - _NOTIFICATIONS} more faults of the gate are left out of this file."
        yield _notification("left-out", "warning", more)


def _left_out(number: dict[str, int], findings: int) -> Iterator[Json]:
    if number["findings"]:
        what = f"{number['findings']} of {counted(findings, 'finding')} are left out of this file"
        yield _notification("left-out", "warning", f"{what}, the least grave of them.")
    if number["inputs"]:
        what = f"{counted(number['inputs'], 'file')} that were read are not listed in this file."
        yield _notification("left-out", "warning", what)


def _unreadable(report: Report, places: Places) -> Iterator[Json]:
    """What could not be read or run, without which the audit is incomplete."""
    inputs = [
        (number, part) for number, store in enumerate(report.stores) for part in store.unreadable
    ]
    for number, part in inputs[:_NOTIFICATIONS]:
        told_ = _notification("unreadable", "error", f"{part.path}: {part.reason}")
        yield told_ | {"locations": [places.within(number, part.path)]}
    if len(inputs) > _NOTIFICATIONS:
        more = f"{len(inputs) - _NOTIFICATIONS} more inputs could not be read."
        yield _notification("unreadable", "error", more)
    for verdict in report.verdicts:
        if verdict.reason is Reason.INCOMPLETE:
            what = f"{verdict.rule}: {verdict.detail or 'could not be decided'}"
            yield _notification("incomplete", "error", what)


def _notification(name: str, level: str, text: str) -> Json:
    return {"descriptor": {"id": name}, "level": level, "message": told(text)}
