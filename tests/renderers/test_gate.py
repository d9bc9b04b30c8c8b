"""Every format tells what is excused, by whom, and what is wrong with the gate."""

from collections.abc import Callable
from typing import Any

import pytest
from junitparser import Failure, JUnitXml, Skipped

from auditor import renderers
from auditor.report import Report
from auditor.rule import Severity
from tests.renderers.gates import FAULT, WAIVER, gated
from tests.renderers.test_sarif import faults, run_of, written

FOR_READERS = ("html", "markdown", "text")
NOTE = FAULT.model_copy(update={"kind": "unused-waiver", "severity": Severity.NOTE})


def page_of(report: Report, form: str) -> str:
    """The report in a format, with one blank between words."""
    return " ".join(renderers.render(report, form).decode().split())


@pytest.mark.parametrize("form", renderers.formats())
@pytest.mark.parametrize(
    "said",
    ["waivers.toml, line 7", "this waiver of Ada ended with 2026-03-31"],
    ids=["where it is wrong", "what is wrong"],
)
def test_faults_are_told(report: Report, form: str, said: str) -> None:
    """What is wrong with the gate fails the audit, so it stands in every format."""
    assert said in page_of(gated(report), form)


@pytest.mark.parametrize("form", FOR_READERS)
@pytest.mark.parametrize(
    "said",
    [
        "aived until 2026-03-31 by Ada, approved by Bo: a reason",
        "5 new, 0 baseline, 1 waived",
    ],
    ids=["who answers", "how many are excused"],
)
def test_what_is_excused(report: Report, form: str, said: str) -> None:
    """A reader learns what was excused and what was not."""
    assert said in page_of(gated(report), form)


@pytest.mark.parametrize("form", FOR_READERS)
def test_no_gate(report: Report, form: str) -> None:
    """Where nothing was given to excuse findings, nothing is said of it."""
    page = page_of(report, form)
    said = ("GATE", "## Gate", ">Gate<", "0 baseline")
    assert [word for word in said if word in page] == []


def configuration_of(report: Report) -> list[dict[str, Any]]:
    """What SARIF tells of the tool's configuration."""
    (invocation,) = run_of(report)["invocations"]
    told: list[dict[str, Any]] = invocation.get("toolConfigurationNotifications", [])
    return told


def test_sarif_is_valid(report: Report) -> None:
    """With a gate, the log is valid SARIF."""
    assert set() == faults(written(gated(report)))


def test_sarif_waiver(report: Report) -> None:
    """A suppression says why, who answers for it, and until when."""
    (result, *_) = (r for r in run_of(gated(report))["results"] if r.get("suppressions"))
    names = {"owner": "Ada", "approver": "Bo", "expires": "2026-03-31"}
    assert result["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": WAIVER.justification,
            "properties": names,
        }
    ]


@pytest.mark.parametrize(
    ("fault", "level"), [(FAULT, "warning"), (NOTE, "note")], ids=["one that fails", "a note"]
)
def test_sarif_fault(report: Report, fault: Any, level: str) -> None:  # noqa: ANN401 - as given
    """A fault of the gate is about the configuration, and names the rule that it is of."""
    (told,) = configuration_of(gated(report, fault))
    assert (told["descriptor"], told["level"]) == ({"id": fault.kind}, level)
    assert told["associatedRule"] == {"id": "reuse", "index": 1}


def test_sarif_rule_that_there_is_not(report: Report) -> None:
    """A waiver of an unknown rule names it, though no rule of the log has its place."""
    unknown = FAULT.model_copy(update={"kind": "unknown-rule", "rule": "nothing"})
    (told,) = configuration_of(gated(report, unknown))
    assert told["associatedRule"] == {"id": "nothing"}


def test_sarif_very_many_faults(report: Report) -> None:
    """Of very many faults some are told, and how many more there are."""
    *_, last = configuration_of(gated(report, *[FAULT] * 1002))
    assert last["message"]["text"] == "2 more faults of the gate are left out of this file."


def gate_cases(report: Report) -> dict[str, type | None]:
    """What came of the cases about the gate, by their names."""
    suites = JUnitXml.fromstring(renderers.render(report, "junit"))
    cases = [case for suite in suites if suite.name == "Gate" for case in suite]
    return {case.name: type(case.result[0]) if case.result else None for case in cases}


def test_junit_fault(report: Report) -> None:
    """A fault fails its case where it fails the audit, and is skipped where it is a note."""
    assert gate_cases(gated(report, FAULT, NOTE)) == {
        "expired-waiver: waivers.toml, line 7: reuse": Failure,
        "unused-waiver: waivers.toml, line 7: reuse": Skipped,
    }


def test_junit_waiver(report: Report) -> None:
    """The text of a case says who answers for what does not fail it."""
    assert f"\n  {renderers.waived(WAIVER)}\n" in renderers.render(gated(report), "junit").decode()


def test_annotation(report: Report) -> None:
    """A fault of the gate marks the run of a workflow."""
    said = (
        "::warning title=expired-waiver (low)::waivers.toml, line 7: reuse: "
        "this waiver of Ada ended with 2026-03-31"
    )
    assert said in renderers.render(gated(report), "github").decode().splitlines()


def hostile(report: Report, text: str) -> Report:
    """The report with a gate whose every text is this."""
    fault = FAULT.model_copy(update={"rule": text, "place": text, "message": text})
    told = gated(report, fault)
    waiver = WAIVER.model_copy(update=dict.fromkeys(("justification", "owner", "approver"), text))
    first, *others = told.verdicts
    (finding,) = first.findings
    findings = (finding.model_copy(update={"waiver": waiver}),)
    verdicts = (first.model_copy(update={"findings": findings}), *others)
    return told.model_copy(update={"verdicts": verdicts})


READ_BACK: dict[str, Callable[[Report], object]] = {
    "html": lambda report: [
        renderers.render(report, "html").count(mark) for mark in (b"<script", b"<b>", b"<!--")
    ],
    "sarif": lambda report: (faults(written(report)), len(run_of(report)["results"])),
    "junit": lambda report: list(gate_cases(report).values()),
    "github": lambda report: [
        line[:9] for line in renderers.render(report, "github").decode().splitlines()
    ],
}


@pytest.mark.parametrize("form", READ_BACK)
def test_hostile_text(report: Report, form: str) -> None:
    """Whatever stands in a waivers' file, the same is read back, and none of it is obeyed."""
    read = READ_BACK[form]
    text = "<script>\r\n::error::\x00]]>\x1b[31m<!--&lt;b>##[error]a"
    assert read(hostile(report, "plain")) == read(hostile(report, text))
