"""What a workflow prints: the gravest first, never more than is shown, and obeyed only as meant."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.renderers import github
from auditor.report import Outcome, Reason, Report
from auditor.rule import Severity

HOSTILE = {
    "another command": "a\n::add-mask::b",
    "a return": "a\r::error::b",
    "a command of the old form": "##[error]a",
    "an escape": "a%0A::error::b",
    "the end of a property": "a,file=b::c",
    "a colour": "\x1b[31ma",
    "another line break": "a\u2028::error::b",
}


def lines(report: Report) -> list[str]:
    """The lines of the log, as the runner splits them."""
    page = "".join(github.render(report))
    assert page.endswith("\n")
    return page[:-1].replace("\r", "\n").split("\n")


def commands(report: Report) -> list[str]:
    """The names of the commands that the runner obeys."""
    obeyed = (line.lstrip() for line in lines(report))
    names = [line[2:].split("::")[0].split(" ")[0] for line in obeyed if line.startswith("::")]
    return names + ["old form" for line in lines(report) if "##[" in line]


def with_broken(report: Report, number: int, severity: Severity = Severity.HIGH) -> Report:
    """The report with so many broken promises, and every input read."""
    finding = report.verdicts[1].findings[0].model_copy(update={"severity": severity})
    verdict = report.verdicts[1].model_copy(update={"findings": (finding,), "broken": 1})
    verdicts = tuple(verdict.model_copy(update={"rule": f"rule_{n:02}"}) for n in range(number))
    stores = (report.stores[0].model_copy(update={"unreadable": ()}),)
    return report.model_copy(update={"verdicts": verdicts, "stores": stores})


def test_annotations(report: Report) -> None:
    """What could not be read comes first, then the broken promises from the gravest down."""
    assert commands(report) == ["error", "error", "notice"]


def test_what_an_annotation_says(report: Report) -> None:
    """An annotation is of a rule, and says what broke the promise first."""
    assert lines(report)[1] == (
        "::error title=reuse (high)::The promise of reuse is kept. Broken: "
        "enrollment:0000 of preference_rollout was used after its end, and 4 more"
    )


def test_last_line(report: Report) -> None:
    """The last line counts everything."""
    said = "auditor: 2 broken, 1 holds, 2 unproven · 42 pings, 310 events in 1 store · 1 unreadable"
    assert said == lines(report)[-1]


@pytest.mark.parametrize(
    ("severity", "command"),
    [
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "error"),
        (Severity.LOW, "warning"),
        (Severity.NOTE, "notice"),
    ],
)
def test_levels(report: Report, severity: Severity, command: str) -> None:
    """The level of an annotation is that of the gravest finding."""
    assert commands(with_broken(report, 1, severity)) == [command]


@pytest.mark.parametrize("disposition", ["baseline", "waived"])
def test_excused(report: Report, disposition: str) -> None:
    """What is excused is not annotated."""
    told = with_broken(report, 1)
    finding = told.verdicts[0].findings[0].model_copy(update={"disposition": disposition})
    verdict = told.verdicts[0].model_copy(update={"findings": (finding,)})
    assert commands(told.model_copy(update={"verdicts": (verdict,)})) == []


def test_rule_that_could_not_be_run(report: Report) -> None:
    """A rule that crashed is an error."""
    told = with_broken(report, 1)
    crashed = {"verdict": Outcome.UNPROVEN, "reason": Reason.INCOMPLETE, "findings": ()}
    verdict = told.verdicts[0].model_copy(update=crashed)
    assert commands(told.model_copy(update={"verdicts": (verdict,)})) == ["error"]


def test_ten_are_shown(report: Report) -> None:
    """Ten of a level are annotations, as GitHub shows no more; the rest is a group of the log."""
    assert commands(with_broken(report, 12)) == ["error"] * 10 + ["group", "endgroup"]


def test_group(report: Report) -> None:
    """The group tells of the rest what the annotations would have."""
    start, *inside, end, _ = lines(with_broken(report, 12))[10:]
    assert (start, end) == ("::group::2 more annotations", "::endgroup::")
    assert [line.split(": ")[1] for line in inside] == ["rule_10 (high)", "rule_11 (high)"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text(text: str, told_by: Callable[[str], Report]) -> None:
    """Nothing that a store says is obeyed."""
    assert commands(told_by("a")) == commands(told_by(text))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_in_the_group(text: str, told_by: Callable[[str], Report]) -> None:
    """Not even in a plain line of the log."""
    plain, hostile = (with_broken(told_by(each), 12) for each in ("a", text))
    assert commands(plain) == commands(hostile)


@settings(deadline=None)
@given(text=st.text(alphabet=st.sampled_from("a:#[]%,\r\n \u2028") | st.characters()))
def test_any_text(text: str, told_by: Callable[[str], Report]) -> None:
    """Whatever a store says, the lines are the same in number and in what is obeyed."""
    plain, told = told_by("a"), told_by(text)
    assert (commands(plain), len(lines(plain))) == (commands(told), len(lines(told)))
