"""JUnit's XML is read back by the library that build servers' own readers are like."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from auditor.renderers.junit import render
from auditor.report import Outcome, Reason, Report, Witness
from auditor.rule import Severity

HOSTILE = {
    "a tag": "</system-out><failure/>",
    "the end of CDATA": "]]>",
    "an entity": "&lol;",
    "a quote": "\" type='error",
    "a NUL": "a\x00b",
    "a control": "a\x1b[31mb",
    "half a surrogate pair": "a\udc80",
    "what XML has no place for": "a\ufffe\uffff",
    "a line break": "a\nb",
}


def suites(report: Report) -> list[TestSuite]:
    """The test suites, read back."""
    return list(JUnitXml.fromstring(render(report).encode()))


def outcomes(report: Report) -> dict[str, type | None]:
    """What came of each test case, by its name."""
    cases: list[TestCase] = [case for suite in suites(report) for case in suite]
    return {case.name: type(case.result[0]) if case.result else None for case in cases}


def with_reuse(report: Report, **changes: object) -> Report:
    """The report with its verdict on `reuse` changed."""
    verdicts = tuple(
        v.model_copy(update=changes) if v.rule == "reuse" else v for v in report.verdicts
    )
    return report.model_copy(update={"verdicts": verdicts})


def test_outcomes(report: Report) -> None:
    """Broken fails, unproven is skipped, an unreadable store is an error, and what holds passes."""
    assert outcomes(report) == {
        "reuse": Failure,
        "drift": Skipped,
        "told": None,
        "twin": Skipped,
        "unseen": Skipped,
        "/profiles/preference_rollout": Error,
    }


def test_incomplete(report: Report) -> None:
    """A promise that could not be decided, as an input was unreadable, is an error."""
    incomplete = {"verdict": Outcome.UNPROVEN, "reason": Reason.INCOMPLETE, "findings": ()}
    assert outcomes(with_reuse(report, **incomplete))["reuse"] is Error


def test_a_suite_for_each_section(report: Report) -> None:
    """A suite is a section of the document, and one more is the inputs."""
    assert [suite.name for suite in suites(report)] == ["Enrollment IDs", "Inputs"]


def test_counts(report: Report) -> None:
    """A suite counts its cases by what came of them."""
    (suite, _) = suites(report)
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (5, 1, 0, 3)


@pytest.mark.parametrize("disposition", ["baseline", "waived"])
def test_excused(report: Report, disposition: str) -> None:
    """What is excused does not fail, and does not pass either."""
    finding = report.verdicts[1].findings[0].model_copy(update={"disposition": disposition})
    assert outcomes(with_reuse(report, findings=(finding,)))["reuse"] is Skipped


@pytest.mark.parametrize(
    ("fail_on", "result"),
    [("high", Failure), ("never", Failure), (None, Failure), ("note", Failure)],
)
def test_fails_as_the_audit(report: Report, fail_on: str | None, result: type) -> None:
    """A grave finding fails whatever was asked for."""
    told = report.model_copy(update={"options": {"fail_on": fail_on}})
    assert outcomes(told)["reuse"] is result


def test_note_fails_where_it_was_asked_for(report: Report) -> None:
    """A note fails the case if notes fail the audit."""
    told = report.model_copy(update={"options": {"fail_on": "note"}})
    assert outcomes(told)["drift"] is Failure


def test_low_does_not_fail_where_only_high_does(report: Report) -> None:
    """A finding that is less grave than what fails the audit is skipped."""
    finding = report.verdicts[1].findings[0].model_copy(update={"severity": Severity.LOW})
    told = with_reuse(report, findings=(finding,))
    told = told.model_copy(update={"options": {"fail_on": "high"}})
    assert outcomes(told)["reuse"] is Skipped


def test_breach_without_a_finding(report: Report) -> None:
    """A broken promise fails though no finding tells of it."""
    assert outcomes(with_reuse(report, findings=()))["reuse"] is Failure


def test_what_a_failure_tells(report: Report) -> None:
    """A failure tells the promise, each finding with its evidence, and what to do."""
    (case,) = (case for suite in suites(report) for case in suite if case.name == "reuse")
    (failure,) = case.result
    lines = failure.text.split("\n")
    assert (failure.type, failure.message) == ("high", "The promise of reuse is kept.")
    assert lines[0] == "5 of 7 subjects"
    assert lines[1] == "high: enrollment:0000 of preference_rollout was used after its end"
    assert lines[2].split("  ")[1:4] == [
        "2026-11-24T06:43:03Z",
        "graduate preference_rollout",
        "the change ends",
    ]
    assert lines[-1] == "What to do: Mend what broke reuse."


def test_witness(report: Report) -> None:
    """A promise that holds passes, and tells which subject kept it where that was asked for."""
    witness = Witness(message="a rollout", evidence=report.verdicts[1].findings[0].evidence)
    holds = {"verdict": Outcome.HOLDS, "findings": (), "witness": witness}
    told = with_reuse(report, **holds)
    assert (outcomes(told)["reuse"], "kept by a rollout\n" in render(told)) == (None, True)


def test_very_many_findings(report: Report) -> None:
    """Of very many findings some are told, and how many more there are."""
    told = with_reuse(report, findings=report.verdicts[1].findings[:1] * 1000)
    assert "\nand 980 more\n" in render(told)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text(text: str, told_by: Callable[[str], Report]) -> None:
    """Whatever a store says, the same cases are read back."""
    plain = [type_ for name, type_ in outcomes(told_by("a")).items() if "/" not in name]
    read = [type_ for name, type_ in outcomes(told_by(text)).items() if "/profiles/" not in name]
    assert plain == read


@settings(deadline=None)
@given(text=st.text())
def test_any_text(text: str, told_by: Callable[[str], Report]) -> None:
    """Whatever a store says, the document is read back whole."""
    assert len(outcomes(told_by(text))) == len(outcomes(told_by("a")))


def test_nothing_audited(nothing: Report) -> None:
    """Of an audit of nothing there is no case, and none that passes."""
    assert outcomes(nothing) == {}
