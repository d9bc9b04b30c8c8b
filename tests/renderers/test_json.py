"""The JSON is the report itself, and every format is found by name and by suffix."""

import json
from collections.abc import Callable

import pytest

from auditor import renderers
from auditor.renderers import json as json_format
from auditor.report import Report


def render(report: Report) -> str:
    """Write the whole text."""
    return "".join(json_format.render(report))


def test_round_trip(report: Report) -> None:
    """What was written reads back as the same report."""
    assert report == Report.model_validate_json(render(report))


def test_names_of_the_design(report: Report) -> None:
    """At the top stand the names that the design gives them."""
    names = {"schema", "auditor", "versions", "rules_digest", "contract", "contract_digest"}
    names |= {"options", "stores", "verdicts", "gate", "shard"}
    assert names == set(json.loads(render(report)))


def test_same_bytes(report: Report) -> None:
    """A report read back is written as the same text."""
    page = render(report)
    assert page == render(Report.model_validate_json(page))


def test_written_finding_by_finding(report: Report) -> None:
    """The parts make the text that the whole report at once would make, lists and all."""
    whole = json.dumps(report.model_dump(mode="json", by_alias=True), indent=2) + "\n"
    assert whole == render(report)


def test_no_store_and_no_rule(nothing: Report) -> None:
    """Of an audit of nothing the lists are empty."""
    assert nothing == Report.model_validate_json(render(nothing))


def test_ends_in_one_line_break(report: Report) -> None:
    """The file is made of whole lines."""
    assert render(report).endswith("}\n")


def test_keeps_other_alphabets(told_by: Callable[[str], Report]) -> None:
    """Text in any alphabet stands there as it is."""
    assert "/profiles/профиль" in render(told_by("профиль"))


def test_half_a_surrogate_pair(told_by: Callable[[str], Report]) -> None:
    """What no UTF-8 can hold is written as U+FFFD, so that every reader reads the report."""
    page = render(told_by("half \udc80")).encode()
    expected = "/profiles/half \ufffd"
    assert expected == Report.model_validate_json(page).stores[0].path


def test_formats_are_modules() -> None:
    """The modules in the folder are the formats."""
    known = {"github", "json", "junit", "markdown", "sarif", "text"}
    assert known <= set(renderers.formats())


@pytest.mark.parametrize(
    ("suffix", "form"),
    [
        pytest.param(".json", "json", id="a format's own name is its suffix"),
        pytest.param(".md", "markdown", id="a format may declare another"),
        pytest.param(".txt", "text", id="text has one too"),
        pytest.param(".xml", "junit", id="XML is JUnit's"),
        pytest.param(".sarif", "sarif", id="a format of several modules is one format"),
        pytest.param(".JSON", "json", id="capitals make no difference"),
    ],
)
def test_by_suffix(suffix: str, form: str) -> None:
    """The suffix of a file picks its format."""
    assert form == renderers.by_suffix(suffix)


def test_unknown_suffix() -> None:
    """A suffix of no format is refused in a sentence that lists the known ones."""
    with pytest.raises(ValueError, match=r"^No report can be written as '\.doc'") as refused:
        renderers.by_suffix(".doc")
    listed = set(str(refused.value).partition("use one of ")[2].rstrip(".").split(", "))
    assert {".json", ".md", ".sarif", ".txt", ".xml"} <= listed


@pytest.mark.parametrize("form", renderers.formats())
def test_render_by_format(form: str, report: Report) -> None:
    """Every format writes a report with no more said than its name."""
    assert renderers.render(report, form)


def test_options_reach_the_renderer(report: Report) -> None:
    """What only one format understands is handed on to it."""
    assert b"\x1b[" in renderers.render(report, "text", color=True)
