"""The HTML page says everything, loads nothing, and a store cannot write markup on it."""

import base64
import hashlib
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.renderers.html import contents, render
from auditor.report import Evidence, Finding, Input, Report, Switch, Witness
from tests.renderers.page import Element, parsed

Run = Callable[..., subprocess.CompletedProcess[str]]

HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "the end of a script": "</script><script>alert(1)</script>",
    "the end of a style": "</style><b>",
    "the end of an attribute": '" onmouseover="alert(1)',
    "the end of a quoted attribute": "' onmouseover='alert(1)",
    "the end of a picture": "</text></svg><img src=x onerror=alert(1)>",
    "a template": "{{ 7 * 7 }} {% raw %}",
    "an entity": "&lt;b&gt; &#60;",
    "a comment": "<!-- -->",
    "a line break": "a\nEvery promise holds",
    "code": "`a` ``` b",
    "a link": "javascript:alert(1) https://a.example",
    "a change of direction": "a\u202eb",
    "half a surrogate pair": "a\udc80",
    "a null byte": "a\x00b",
}


def changed(report: Report, **finding: object) -> Report:
    """The report with one finding alone, of which parts are changed."""
    verdict = report.verdicts[1]
    only = verdict.findings[0].model_copy(update=finding)
    verdict = verdict.model_copy(update={"findings": (only,), "broken": 1})
    return report.model_copy(update={"verdicts": (verdict,)})


def promises(page: Element) -> dict[str, Element]:
    """The promises on the page by the names of their rules."""
    return {
        each.attributes["id"].removeprefix("rule-"): each
        for each in page.every("article", "promise")
    }


def test_head(report: Report) -> None:
    """At the top stands how many promises are broken."""
    expected = "2 of 5 promises are broken"
    assert expected == parsed(render(report)).one("h1").words


@pytest.mark.parametrize(
    ("verdicts", "headline"),
    [
        pytest.param([0], "1 of 1 promises is broken", id="one is broken"),
        pytest.param([2], "The promise holds", id="the only one holds"),
        pytest.param([2, 2], "All 2 promises hold", id="all hold"),
        pytest.param(
            [2, 3], "No promise is broken, but 1 of 2 could not be proven", id="one is unproven"
        ),
        pytest.param([], "Nothing was audited", id="there are none"),
    ],
)
def test_headline(verdicts: list[int], headline: str, report: Report) -> None:
    """What is unproven is never told as if it held."""
    chosen = tuple(report.verdicts[number] for number in verdicts)
    report = report.model_copy(update={"verdicts": chosen})
    assert headline == parsed(render(report)).one("h1").words


def test_numbers(report: Report) -> None:
    """Broken, unproven and kept promises are counted, with severities and reasons."""
    told = [each.words for each in parsed(render(report)).one("ul", "tiles").every("li")]
    expected = [
        "2 broken 1 high · 1 note",
        "2 unproven 1 ambiguous · 1 not recorded",
        "1 holds something could have shown otherwise, and nothing did",
    ]
    assert expected == told


def test_scorecard(report: Report) -> None:
    """Each section of the document has its numbers, and a link to each of its promises."""
    page = parsed(render(report))
    row = page.one("table", "scorecard").one("tbody").one("tr")
    links = {link.attributes["href"].removeprefix("#rule-") for link in row.every("a")}
    told = ([cell.words for cell in row.every("", "n")], links)
    assert (["2", "2", "1"], set(promises(page))) == told


def test_order(report: Report) -> None:
    """Broken promises come first and the gravest before all; then unproven ones; then the rest."""
    expected = ["reuse", "drift", "twin", "unseen", "told"]
    assert expected == list(promises(parsed(render(report))))


def test_broken_promise(report: Report) -> None:
    """A broken promise is told with its clause, why it matters, what to do and its limits."""
    words = promises(parsed(render(report)))["reuse"].words
    parts = {
        *("5 of 7 subjects", "The promise of reuse is kept.", "The clause of reuse."),
        *("Why it matters Why reuse matters.", "What to do Mend what broke reuse."),
        *("Cannot see what was never recorded.", "5 findings"),
    }
    assert parts == {part for part in parts if part in words}


def test_unproven_promise(report: Report) -> None:
    """Of what the stores could not prove it is told why."""
    words = promises(parsed(render(report)))["unseen"].words
    assert "not recorded The promise of unseen is kept." in words
    assert "The store has no recipes" in words


def test_evidence(report: Report) -> None:
    """Each place is told with its time, event and meaning, and where to find it."""
    finding = parsed(render(report)).one("article", "finding")
    told = [each.words for each in finding.one("ol", "evidence").every("li")]
    expected = [
        "1 2026-11-24T06:43:03Z graduate preference_rollout the change ends",
        "2 2026-11-24T06:45:03Z update preference_rollout its ID is used again",
    ]
    assert expected == told
    assert finding.one("details", "where").words.endswith(".event.jsonlz4 #5")


def test_store_of_evidence(report: Report) -> None:
    """Where there are several stores, evidence is told with the store it lies in."""
    report = report.model_copy(update={"stores": report.stores * 2})
    where = parsed(render(report)).one("details", "where").words
    assert "1. /profiles/preference_rollout/datareporting/" in where


def test_picture(report: Report) -> None:
    """Each finding is drawn, with its evidence as numbered marks that differ in what they show."""
    place = replace(report.verdicts[1].findings[0].evidence[0], breaks=False)
    evidence = (place, report.verdicts[1].findings[0].evidence[1])
    picture = parsed(render(changed(report, evidence=evidence))).one("svg", "timeline")
    told = {(each.words, each.attributes["class"]) for each in picture.every("text", "number")}
    captions = [each.words for each in picture.every("text", "caption")]
    expected = {("1", "number before"), ("2", "number breaks")}
    assert expected == told
    more = ["the change ends", "its ID is used again"]
    assert more == captions


def test_upload_in_the_picture(report: Report) -> None:
    """When upload was off is drawn as a band."""
    switch = Switch(
        person="person:0a1b2c3d",
        upload="off",
        at="2026-11-24T06:44:00Z",
        latest="2026-11-24T06:44:00Z",
    )
    picture = parsed(render(changed(report, switches=(switch,)))).one("svg", "timeline")
    expected = ["on", "off"]
    assert expected == [each.words for each in picture.every("text", "state")]


def test_no_picture_without_time(report: Report) -> None:
    """What has no time is told in words alone."""
    places = [replace(e, at=None) for e in report.verdicts[1].findings[0].evidence]
    page = parsed(render(changed(report, evidence=tuple(places))))
    assert page.every("svg") == []
    assert "no time graduate" in page.one("ol", "evidence").words


def test_witness(report: Report) -> None:
    """Of what holds a subject that kept the promise is shown, where it was asked for."""
    evidence = report.verdicts[1].findings[0].evidence
    witness = Witness(message="enrollment:0001", evidence=evidence)
    verdict = report.verdicts[2].model_copy(update={"witness": witness})
    page = parsed(render(report.model_copy(update={"verdicts": (verdict,)})))
    assert "Kept, for example, by enrollment:0001" in page.words
    assert len(evidence) == len(page.one("ol", "evidence").every("li"))


def test_accepted_findings(report: Report) -> None:
    """What is in the baseline or waived is named so, and can be filtered."""
    page = parsed(render(changed(report, disposition="waived")))
    choices = [each.attributes["value"] for each in page.every("option")]
    assert "high waived enrollment:" in page.one("article", "finding").one("h4").words
    expected = ["", "new", "baseline", "waived"]
    assert expected == choices[-4:]


def test_manifest(report: Report) -> None:
    """The manifest names versions, rules, contract, options, stores and every input."""
    words = parsed(render(report)).one("section", "manifest").words
    parts = {
        *("0.1.0, duckdb 2.0.0", "sha256:facade", "documented sha256:decade", "fail on low"),
        *("grace 60.0", "/profiles/preference_rollout", "sha256:c0ffee", "1 input"),
        *("saved/preference_rollout c0ffee", "42 pings, 310 events, 3 stored enrollments"),
    }
    assert parts == {part for part in parts if part in words}


def test_unreadable(report: Report) -> None:
    """At the top it is said which inputs could not be read."""
    warning = parsed(render(report)).one("div", "warning").words
    assert "incomplete. 1 input could not be read: saved/preference_rollout : cut short" in warning


def test_nothing_audited(nothing: Report) -> None:
    """Of an audit of nothing there is a page that says so, without filters."""
    page = parsed(render(nothing))
    assert page.every("form") + page.every("article") == []


def test_policy(report: Report) -> None:
    """The browser may run the one script and use the one style, known by their hashes."""
    page = parsed(render(report))
    told = {each.attributes.get("http-equiv"): each for each in page.every("meta")}
    policy = told["Content-Security-Policy"].attributes["content"].split("; ")
    expected = [
        "default-src 'none'",
        *(f"{kind}-src '{_hash(page, kind)}'" for kind in ("script", "style")),
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert expected == policy


def _hash(page: Element, name: str) -> str:
    (element,) = page.every(name)
    digest = hashlib.sha256(element.raw.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def test_nothing_is_loaded(report: Report) -> None:
    """Nothing on the page refers to anything but the page itself."""
    page = parsed(render(report))
    named = {"src", "href", "action", "data", "poster", "srcset", "xlink:href", "formaction"}
    targets = [
        each.attributes[name] for each in page.every() for name in named & each.attributes.keys()
    ]
    style = page.one("style").raw
    assert [target for target in targets if not target.startswith("#")] == []
    assert None is re.search(r"url\(|@import|https?:", style + page.one("script").raw)


def test_no_code_in_attributes(report: Report) -> None:
    """No attribute is a style or a script, which the policy would refuse."""
    names = {name for each in parsed(render(report)).every() for name in each.attributes}
    assert set() == {name for name in names if name == "style" or name.startswith("on")}


def test_links_lead_somewhere(report: Report) -> None:
    """Every link leads to a place on the page, and no two places have one name."""
    page = parsed(render(report))
    places = [each.attributes["id"] for each in page.every() if "id" in each.attributes]
    links = {link.attributes["href"][1:] for link in page.every("a")}
    assert (set(), len(set(places))) == (links - set(places), len(places))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text(text: str, told_by: Callable[[str], Report]) -> None:
    """What a store says adds no markup to the page, and can still be read."""
    page = parsed(render(told_by(text)))
    seen = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    assert parsed(render(told_by("a"))).structure() == page.structure()
    assert f"saved/{seen}: cut short" in page.one("div", "warning").raw


@settings(deadline=None, max_examples=50)
@given(text=st.text(min_size=1))
def test_any_text(text: str, told_by: Callable[[str], Report]) -> None:
    """Whatever a store says, the page's markup is the same, and it can be written as UTF-8."""
    page = render(told_by(text))
    assert parsed(render(told_by("a"))).structure() == parsed(page).structure()
    assert page == page.encode().decode()


def test_hostile_rule(report: Report) -> None:
    """Nor does a report that was made by hand, in which a rule's own texts are hostile."""
    texts = dict.fromkeys(("rule", "promise", "clause", "section", "mend"), '"><script>')
    verdicts = (report.verdicts[1].model_copy(update=texts),)
    page = parsed(render(report.model_copy(update={"verdicts": verdicts})))
    expected = 1
    assert expected == len(page.every("script"))


def test_same_bytes(report: Report) -> None:
    """A report read back from JSON gives the same page."""
    again = Report.model_validate_json(report.model_dump_json(by_alias=True))
    assert render(report) == render(again)


def many(report: Report, number: int, **evidence: Any) -> Report:  # noqa: ANN401 - parts of a place
    """The report with so many findings of one promise."""
    verdict = report.verdicts[1]
    first = verdict.findings[0]
    places = tuple(replace(each, **evidence) for each in first.evidence)
    findings = (first.model_copy(update={"evidence": places}),) * number
    verdict = verdict.model_copy(update={"findings": findings, "broken": number})
    return report.model_copy(update={"verdicts": (verdict,)})


def test_very_many_findings(report: Report) -> None:
    """Of very many findings the first 200 are told, and exactly how many more there are."""
    page = parsed(render(many(report, 1432)))
    assert len(page.every("article", "finding")) == contents.FINDINGS_SHOWN
    expected = (
        "1,232 more are not shown here: of 1,432 findings, these are the first 200 by gravity. "
        "The JSON report and a findings database tell every one."
    )
    assert expected == page.every("p", "more")[-1].words


def test_gravest_are_told(report: Report) -> None:
    """Where not all are told, those that are told are new and the gravest."""
    low = report.verdicts[0].findings[0]
    high = report.verdicts[1].findings[0]
    waived = high.model_copy(update={"disposition": "waived"})
    findings: tuple[Finding, ...] = (waived,) * 150 + (low,) * 150 + (high,) * 100
    verdict = report.verdicts[1].model_copy(update={"findings": findings, "broken": 400})
    page = parsed(render(report.model_copy(update={"verdicts": (verdict,)})))
    told = [finding.one("h4").every("span")[0].words for finding in page.every("", "finding")]
    expected = ["high"] * 100 + ["note"] * 100
    assert expected == told


def test_room(report: Report) -> None:
    """However long the texts are, the page stays under 15 MB, and every promise has a finding."""
    long = many(report, 200, event="x" * 300_000)
    verdicts = (long.verdicts[0], long.verdicts[0].model_copy(update={"rule": "other"}))
    page = render(long.model_copy(update={"verdicts": verdicts}))
    told = {name: each.every("", "finding") for name, each in promises(parsed(page)).items()}
    assert len(page.encode()) < 15_000_000
    assert {"reuse", "other"} == {name for name, findings in told.items() if findings}


def test_room_that_is_left() -> None:
    """A finding is told even where there is no room, and what does not fit is counted."""
    assert contents.fitting(["a" * 9, "b", "c"], 3, room=5) == (("a" * 9,), 2)


def test_many_inputs(report: Report) -> None:
    """Of very many inputs the first are listed, and how many more there are."""
    inputs = tuple(Input(path=f"{number}", digest="sha256:0") for number in range(1000))
    store = report.stores[0].model_copy(update={"inputs": inputs})
    manifest = parsed(render(report.model_copy(update={"stores": (store,)})))
    assert "and 800 more inputs, in the JSON report" in manifest.one("", "manifest").words


def test_many_places(report: Report) -> None:
    """Of one finding twelve places are told, and how many more there are."""
    evidence: tuple[Evidence, ...] = report.verdicts[1].findings[0].evidence[:1] * 20
    page = parsed(render(changed(report, evidence=evidence)))
    expected = 12
    assert expected == len(page.one("ol", "evidence").every("li"))
    more = "and 8 more places, in the JSON report"
    assert more == page.one("p", "more").words


def test_prose(report: Report) -> None:
    """What stands between backticks in a rule's own texts is code."""
    verdict = report.verdicts[1].model_copy(update={"mend": "Call `stop` <b>."})
    page = parsed(render(report.model_copy(update={"verdicts": (verdict,)})))
    assert "stop" in [code.words for code in page.every("code")]
    assert "Call stop <b>." in page.words


def test_every_outcome_has_a_filter(report: Report) -> None:
    """The page can be filtered by every verdict, and by every severity."""
    boxes = [
        b.attributes["value"]
        for b in parsed(render(report)).every("input")
        if "value" in b.attributes
    ]
    expected = ["broken", "unproven", "holds", "high", "medium", "low", "note"]
    assert expected == boxes


def test_templates_are_read_when_a_page_is_written(run: Run) -> None:
    """That there is this format costs no other format the time to load what it is made with."""
    code = "import sys, auditor.renderers as all; all.by_suffix('.html'); print(*sys.modules)"
    assert set() == {"jinja2", "markupsafe"} & set(run(code=code).stdout.split())
