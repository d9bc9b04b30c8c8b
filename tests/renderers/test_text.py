"""The text in a terminal is read from the top, and a store cannot steer the terminal."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from auditor.renderers.text import render
from auditor.report import Evidence, Report

HOSTILE = {
    "a colour": "\x1b[31mred",
    "a title": "\x1b]0;title\x07",
    "a line break": "a\nHOLDS",
    "a return": "a\rHOLDS",
    "a C1 control": "a\x9b31m",
    "a change of direction": "a\u202eb",
    "rich's markup": "[bold]a[/bold] [/]",
    "a script": "<script>",
    "a pipe": "a | b",
}


def lines(report: Report, width: int = 100) -> list[str]:
    """Render without color and without indents."""
    return [line.strip() for line in render(report, color=False, width=width).splitlines()]


def test_order_of_the_page(report: Report) -> None:
    """Broken promises come first, the gravest of them before all, then unproven, then holds."""
    heads = [line.split("  ")[0] for line in lines(report) if line[:4].isupper()]
    expected = ["BROKEN HIGH", "BROKEN NOTE", "UNPROVEN", "HOLDS", "UNREADABLE"]
    assert expected == heads


def test_broken_promise(report: Report) -> None:
    """A broken promise is told with its severity, rule, and how many subjects broke it."""
    expected = ["BROKEN HIGH  The promise of reuse is kept.", "reuse  5 of 7 subjects"]
    assert expected == lines(report)[:2]


def test_three_findings(report: Report) -> None:
    """Three findings are told, and how many more there are."""
    told = [line for line in lines(report) if line.startswith(("high: ", "and "))]
    message = "high: enrollment:000{} of preference_rollout was used after its end"
    assert [*map(message.format, range(3)), "and 2 more"] == told


def test_new_findings_first(report: Report) -> None:
    """A waived finding is named so, and comes after the new ones."""
    verdict = report.verdicts[1]
    waived = verdict.findings[0].model_copy(update={"disposition": "waived"})
    verdict = verdict.model_copy(update={"broken": 2, "findings": (waived, verdict.findings[1])})
    told = lines(report.model_copy(update={"verdicts": (verdict,)}))
    labels = [line.partition(": ")[0] for line in told if line.startswith("high")]
    expected = ["high", "high, waived"]
    assert expected == labels


def test_evidence_on_a_wide_terminal(report: Report) -> None:
    """Where there is room, a place is one line: when, what, its meaning, and where."""
    expected = (
        "2026-11-24T06:45:03Z  update preference_rollout    its ID is used again   "
        "datareporting/archived/2026-11/1795502286155.ed1d48a6-777c-421f-9ec6-a34e69957908"
        ".event.jsonlz4  #5"
    )
    assert expected in lines(report, width=200)


def test_evidence_on_a_narrow_terminal(report: Report) -> None:
    """On 80 columns folders are left out, and the name of the ping's file is not."""
    expected = "…/1795502286155.ed1d48a6-777c-421f-9ec6-a34e69957908.event.jsonlz4  #5"
    assert expected in lines(report, width=80)


def with_evidence(report: Report, *evidence: Evidence) -> Report:
    """Put the evidence in place of all that the report has."""
    finding = report.verdicts[1].findings[0].model_copy(update={"evidence": evidence})
    verdict = report.verdicts[1].model_copy(update={"findings": (finding,), "broken": 1})
    return report.model_copy(update={"verdicts": (verdict,)})


def test_ping_that_its_source_does_not_name(report: Report) -> None:
    """The ping's document id is told where it is not in the name of the file."""
    place = report.verdicts[1].findings[0].evidence[0]
    place = replace(place, source="received.ndjson")
    expected = "received.ndjson  ping ed1d48a6-777c-421f-9ec6-a34e69957908  #3"
    assert expected in lines(with_evidence(report, place))


@pytest.mark.parametrize(
    ("path", "source", "told"),
    [
        pytest.param("/a/profile/", "prefs.js", "profile/prefs.js", id="by a folder's name"),
        pytest.param("/a/got.ndjson", "got.ndjson:9", "got.ndjson:9", id="by a file's name"),
        pytest.param("all.db", "got.ndjson:9", "all.db/got.ndjson:9", id="by what holds sources"),
        pytest.param("/b/other", "a.js", "b/other/a.js", id="by two names, where one is shared"),
        pytest.param("/a/other", "a.js", "/a/other/a.js", id="by its path, where given twice"),
    ],
)
def test_store_of_evidence(path: str, source: str, told: str, report: Report) -> None:
    """Of several stores, evidence is told with as much of its store's path as tells it apart."""
    place = replace(report.verdicts[1].findings[0].evidence[0], source=source)
    stores = tuple(report.stores[0].model_copy(update={"path": at}) for at in (path, "/a/other"))
    several = with_evidence(report.model_copy(update={"stores": stores}), place)
    assert any(f"  {told}  ping" in line for line in lines(several, width=200))


def test_record_on_disk(report: Report) -> None:
    """A place without ping, position and time is told without them."""
    place = report.verdicts[1].findings[0].evidence[0]
    record = replace(place, ping=None, position=None, at=None, source="storage/a.sqlite")
    told = lines(with_evidence(report, record), width=120)
    expected = "no time graduate preference_rollout the change ends storage/a.sqlite"
    assert expected in [" ".join(line.split()) for line in told]


def test_many_places(report: Report) -> None:
    """Of one finding eight places are told, and how many more there are."""
    place = report.verdicts[1].findings[0].evidence[0]
    told = lines(with_evidence(report, *[place] * 10))
    assert sum(line.startswith("2026-") for line in told) == 8
    assert "and 2 more places" in told


def test_unproven(report: Report) -> None:
    """Of what is unproven it says why."""
    told = lines(report)
    start = told.index("UNPROVEN")
    expected = {
        "twin  ambiguous: preference_rollout may be a copied profile",
        "unseen  not-recorded: the store has no recipes",
    }
    assert expected == set(told[start + 1 : start + 3])


def test_holds(report: Report) -> None:
    """What holds is a list of names with the number of subjects."""
    assert "12  told" in lines(report)


def test_unreadable(report: Report) -> None:
    """An input that could not be read is listed with the reason."""
    assert "saved/preference_rollout  cut short" in lines(report)


def test_summary(report: Report) -> None:
    """The last line sums the audit up."""
    expected = "2 broken, 1 holds, 2 unproven · 42 pings, 310 events in 1 store · 1 unreadable"
    assert expected == lines(report)[-1]


def test_nothing_audited(nothing: Report) -> None:
    """Of an audit of nothing only the summary is left."""
    expected = ["0 broken, 0 hold, 0 unproven · 0 pings, 0 events in 0 stores"]
    assert expected == lines(nothing)


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_width(width: int, report: Report) -> None:
    """No line is wider than the terminal, nor ends in blanks."""
    page = render(report, color=False, width=width).splitlines()
    assert not [line for line in page if cell_len(line) > width or line != line.rstrip()]


def test_color_only_adds(report: Report) -> None:
    """Without its colors the text says the same."""
    colored = Text.from_ansi(render(report, color=True)).plain
    assert render(report, color=False).splitlines() == colored.splitlines()


@pytest.mark.parametrize(
    ("name", "value"),
    [("NO_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", "40"), ("FORCE_COLOR", "1")],
)
def test_environment(
    name: str, value: str, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text depends on what it is given, not on the environment."""
    expected = render(report, color=True)
    monkeypatch.setenv(name, value)
    assert expected == render(report, color=True)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text(text: str, told_by: Callable[[str], Report]) -> None:
    """What a store says is told in one line, with escapes where it could not be seen."""
    seen = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    assert f"saved/{seen}  cut short" in lines(told_by(text))


@settings(deadline=None)
@given(text=st.text())
def test_any_text(text: str, told_by: Callable[[str], Report]) -> None:
    """Whatever a store says, nothing but line breaks reaches a terminal unseen."""
    page = render(told_by(text), color=False)
    assert {"\n"} == {character for character in page if not character.isprintable()}


@settings(deadline=None)
@given(text=st.text(max_size=30))
def test_any_text_fits(text: str, told_by: Callable[[str], Report]) -> None:
    """Whatever a store says, no line is wider than the terminal."""
    page = render(told_by(text), color=False, width=60)
    assert max(map(cell_len, page.splitlines())) <= 60
