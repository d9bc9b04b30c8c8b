"""A gate for a report: a waiver that covers a finding, and one that has ended."""

from auditor.report import Gate, GateFinding, Report, Waived
from auditor.rule import Severity

WAIVER = Waived(justification="a reason", owner="Ada", approver="Bo", expires="2026-03-31")
FAULT = GateFinding(
    kind="expired-waiver",
    severity=Severity.LOW,
    rule="reuse",
    place="waivers.toml, line 7",
    message="this waiver of Ada ended with 2026-03-31",
)


def gated(report: Report, *faults: GateFinding) -> Report:
    """The report with its first finding waived, and with what is wrong with the gate."""
    number = next(n for n, verdict in enumerate(report.verdicts) if verdict.findings)
    verdict = report.verdicts[number]
    waived = verdict.findings[0].model_copy(update={"disposition": "waived", "waiver": WAIVER})
    excused = verdict.model_copy(update={"findings": (waived, *verdict.findings[1:])})
    verdicts = (*report.verdicts[:number], excused, *report.verdicts[number + 1 :])
    gate = Gate(today="2026-04-01", baseline=None, waivers="sha256:1", findings=faults or (FAULT,))
    return report.model_copy(update={"verdicts": verdicts, "gate": gate})
