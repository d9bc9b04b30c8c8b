"""Every format for people tells what is excused, by whom, and what is wrong with the gate."""

import pytest

from auditor import renderers
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


@pytest.fixture
def gated(report: Report) -> Report:
    """A report with one waived finding, and a waiver that has ended."""
    drift, *others = report.verdicts
    waived = drift.findings[0].model_copy(update={"disposition": "waived", "waiver": WAIVER})
    gate = Gate(today="2026-04-01", baseline=None, waivers="sha256:1", findings=(FAULT,))
    verdicts = (drift.model_copy(update={"findings": (waived,)}), *others)
    return report.model_copy(update={"verdicts": verdicts, "gate": gate})


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
@pytest.mark.parametrize(
    "said",
    [
        "waived until 2026-03-31 by Ada, approved by Bo: a reason",
        "5 new, 0 baseline, 1 waived",
        "waivers.toml, line 7",
        "this waiver of Ada ended with 2026-03-31",
    ],
    ids=["who answers", "how many are excused", "where it is wrong", "what is wrong"],
)
def test_the_gate_is_told(gated: Report, form: str, said: str) -> None:
    """A reader learns what was excused and what was not, in each format."""
    page = " ".join(renderers.render(gated, form).decode().split())
    assert said in page


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_no_gate(report: Report, form: str) -> None:
    """Where nothing was given to excuse findings, nothing is said of it."""
    page = renderers.render(report, form).decode()
    assert [word for word in ("GATE", "## Gate", "baseline") if word in page] == []
