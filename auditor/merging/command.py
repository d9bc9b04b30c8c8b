"""One run of the command `merge`: from what was asked to what is printed, written and returned."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from auditor.delivery import Printed, deliver, refuse_in_place_of
from auditor.failures import UsageError
from auditor.gate import tasks
from auditor.gate.gating import gated
from auditor.keys import read_key
from auditor.merging.joining import merge
from auditor.rendering import read_report
from auditor.report import ExitCode, Report
from auditor.rule import Severity, load_rules
from auditor.run import why_nothing


@dataclass(frozen=True)
class Request:
    """What was asked for at the command line.

    What shall fail is what the shards were told, unless it is said here. `today` is the day by
    which waivers are judged.
    """

    kept: tuple[Path, ...]
    today: date
    printed: Printed
    reports: tuple[Path, ...] = ()
    fail_on: str | None = None
    require: tuple[str, ...] = ()
    token_key: Path | None = None
    baseline: Path | None = None
    waivers: Path | None = None


def merge_and_report(request: Request) -> ExitCode:
    """Merge, print, write the reports, and say how the audit went."""
    files = (request.token_key, request.baseline, request.waivers)
    refuse_in_place_of(request.reports, [*request.kept, *filter(None, files)])
    key = read_key(request.token_key)
    excuses = tasks.excuses(request.baseline, request.waivers, key, request.today)
    report = _told(merge(_read(request.kept)), request)
    report = gated(report, excuses, {rule.name: rule for rule in load_rules()})
    deliver(report, request.printed, request.reports)
    required = _texts(report.options["require"])
    code = report.exit_code(_severity(report.options["fail_on"]), required)
    if code is ExitCode.NOTHING_AUDITED:
        sys.stderr.write(f"auditor: {why_nothing(report, required)}\n")
    return code


def _read(paths: Sequence[Path]) -> dict[Path, Report]:
    found: dict[Path, Report] = {}
    for path in paths:
        if path in found:
            message = f"{path}: is given twice"
            raise UsageError(message)
        found[path] = read_report(path)
    return found


def _told(report: Report, request: Request) -> Report:
    """The report with what fails it. Raises UsageError for a rule that it has no verdict on."""
    options = dict(report.options)
    if request.fail_on is not None:
        options["fail_on"] = None if request.fail_on == "never" else request.fail_on
    if request.require:
        options["require"] = tuple(sorted(request.require))
    for name in set(request.require) - {verdict.rule for verdict in report.verdicts}:
        message = f"{name} is required, but is not among the rules that were selected"
        raise UsageError(message)
    return report.model_copy(update={"options": options})


def _severity(told: object) -> Severity | None:
    return None if told is None else Severity(str(told))


def _texts(told: object) -> tuple[str, ...]:
    return tuple(map(str, told)) if isinstance(told, tuple | list) else ()
