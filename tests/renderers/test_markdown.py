"""The page for a compliance officer says everything, and a store cannot write on it."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from auditor.renderers import markdown
from auditor.report import Report

HOSTILE = {
    "a pipe": "a | b",
    "a line break": "a\n# Every promise holds\n",
    "a script": "<script>alert(1)</script>",
    "code": "`a` ``` b",
    "a link": "[a](https://a.example) https://a.example",
    "emphasis": "**a** _b_ ~~c~~",
    "an entity": "&lt;b&gt;",
    "a backslash at the end": "a\\",
    "a colour": "\x1b[31ma",
    "a change of direction": "a\u202eb",
}


def render(report: Report) -> str:
    """Write the whole page."""
    return "".join(markdown.render(report))


def structure(page: str) -> list[str]:
    """Parse the page and keep its markup without its words."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page)
    inside = [each for token in tokens for each in (token, *(token.children or ()))]
    return [token.type for token in inside if token.type != "text"]


def rows(page: str) -> list[list[str]]:
    """Split the rows of all tables into cells."""
    lines = (line for line in page.splitlines() if line.startswith("| "))
    return [line.strip("| ").split(" | ") for line in lines]


def test_sections(report: Report) -> None:
    """The sections stand in the order in which they are read."""
    heads = ["Stores", "Promises", "Broken promises", "Unproven promises", "Unreadable inputs"]
    assert heads == re.findall(r"^## (.*)$", render(report), re.MULTILINE)


def test_every_verdict(report: Report) -> None:
    """The table of verdicts names every rule with its verdict."""
    named = {(cells[0], cells[2]) for cells in rows(render(report)) if len(cells) == 6}
    expected = {(verdict.verdict.value, verdict.rule) for verdict in report.verdicts}
    assert expected <= named


def test_gravest_first(report: Report) -> None:
    """Of the broken promises the gravest comes first."""
    rules = re.findall(r"^Rule (\w+), (?:high|note)", render(report), re.MULTILINE)
    expected = ["reuse", "drift"]
    assert expected == rules


def test_store_in_one_line(report: Report) -> None:
    """A line says of a store what it is and what was in it."""
    line = next(line for line in render(report).splitlines() if "/profiles/" in line)
    expected = (
        r"- Store /profiles/preference\_rollout (firefox-profile): 42 pings, 310 events, "
        "2026-11-24T06:38:06Z to 2026-11-24T06:58:25Z; sha256:c0ffee"
    )
    assert expected == line


def test_clauses(report: Report) -> None:
    """The clause is quoted of every promise that is broken or unproven."""
    quoted = set(re.findall(r"^> “The clause of (\w+)\.”$", render(report), re.MULTILINE))
    expected = {"drift", "reuse", "twin", "unseen"}
    assert expected == quoted


def test_why_and_what_to_do(report: Report) -> None:
    """Of each broken promise it is told why it matters, and what to do."""
    told = re.findall(r"^(?:Why it matters|What to do): (.*)$", render(report), re.MULTILINE)
    expected = ["Why reuse matters.", "Mend what broke reuse."]
    expected += ["Why drift matters.", "Mend what broke drift."]
    assert expected == told


def test_store_of_evidence(report: Report) -> None:
    """Where there are several stores, evidence is told with the store it lies in."""
    several = render(report.model_copy(update={"stores": report.stores * 2}))
    cell = "| /profiles/preference\\_rollout/datareporting"
    assert (cell in render(report), cell in several) == (False, True)


def test_every_finding_has_its_evidence(report: Report) -> None:
    """Under each finding stand the places that show it."""
    notes = [cells[-1] for cells in rows(render(report)) if cells[2] in {"3", "5"}]
    expected = ["the change ends", "its ID is used again"] * 6
    assert expected == notes


def test_reasons(report: Report) -> None:
    """Of what is unproven it says why."""
    assert "Rule unseen, not-recorded: the store has no recipes" in render(report)


def test_unreadable(report: Report) -> None:
    """An input that could not be read is listed with the reason."""
    assert render(report).endswith("- Input saved/preference\\_rollout: cut short\n")


def test_nothing_audited(nothing: Report) -> None:
    """Of an audit of nothing the page says that there was nothing."""
    assert "No store was audited." in render(nothing)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text(text: str, told_by: Callable[[str], Report]) -> None:
    """What a store says adds no markup to the page."""
    assert structure(render(told_by("a"))) == structure(render(told_by(text)))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_told(text: str, told_by: Callable[[str], Report]) -> None:
    """What a store says can still be read, with escapes where it could not be seen."""
    tokens = MarkdownIt("commonmark").enable("table").parse(render(told_by(text)))
    words = "".join(each.content for token in tokens for each in token.children or ())
    seen = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    assert f"/profiles/{seen}" in words


def test_no_tag(told_by: Callable[[str], Report]) -> None:
    """No tag of a store stands on the page, however it is read."""
    assert "<" not in render(told_by("<script>"))


@settings(deadline=None)
@given(text=st.text())
def test_any_text(text: str, told_by: Callable[[str], Report]) -> None:
    """Whatever a store says, the page's markup is the same."""
    assert structure(render(told_by("a"))) == structure(render(told_by(text)))
