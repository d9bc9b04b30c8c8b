"""The HTML report in a real browser: it filters, is reached by keyboard, and loads nothing.

Not run by default: `make test-browser`, after `apt-get install chromium`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from auditor.report import Report, Verdict

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
Reports = Callable[[str], Report]

RECORDINGS = ["firefox-115-upload-off-on", "firefox-115-lifecycle", "firefox-115-failures"]
RECORDING = RECORDINGS[0]
HOSTILE = '</script><img src=x onerror="alert(1)"><script>alert(2)</script>{{ 7 * 7 }}'

VISIBLE = """() => [...document.querySelectorAll("article.promise")]
    .filter((each) => each.checkVisibility()).map((each) => each.id.replace("rule-", ""))"""
REACHABLE = """() => [...document.querySelectorAll("a, input, select, button, summary")]
    .filter((each) => each.checkVisibility()).map((each, n) => (each.dataset.n = n))"""
REACHED = "() => Number(document.activeElement?.dataset.n ?? -1)"
FILTERED = "() => new Promise((done) => setTimeout(done, 200))"


def shown(page: Any) -> set[str]:  # noqa: ANN401 - playwright's own
    """The rules whose promises can be seen, once the filters have settled."""
    page.evaluate(FILTERED)
    return set(page.evaluate(VISIBLE))


def named(report: Report, fits: Callable[[Verdict], bool]) -> set[str]:
    """The rules of the verdicts that fit."""
    return {verdict.rule for verdict in report.verdicts if fits(verdict)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", RECORDINGS)
def test_no_serious_fault(name: str, scheme: str, opened: Open, reports: Reports) -> None:
    """axe-core finds nothing that keeps people out, in the light or in the dark, folded or not."""
    from axe_playwright_python.sync_playwright import Axe

    page = opened(reports(name), color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    found = Axe().run(page).response["violations"]
    faults = {each["id"]: each["nodes"][0]["html"] for each in found if each["impact"] != "minor"}
    assert {} == faults  # noqa: SIM300


@pytest.mark.parametrize("name", RECORDINGS)
def test_no_complaint(name: str, opened: Open, reports: Reports) -> None:
    """The browser has nothing to say: no error, nothing refused by the policy, nothing loaded."""
    page = opened(reports(name))
    page.click("text=Reset")
    assert page.complaints == []


def test_everything_is_shown(opened: Open, reports: Reports) -> None:
    """Before anything is filtered every promise is there, and they are counted."""
    page, report = opened(reports(RECORDING)), reports(RECORDING)
    findings = sum(len(verdict.findings) for verdict in report.verdicts)
    expected = f"44 of 44 promises, {findings} of {findings} findings on this page"
    assert (named(report, lambda _: True), expected) == (shown(page), page.inner_text("#shown"))


def test_filter_by_verdict(opened: Open, reports: Reports) -> None:
    """Unticking a verdict hides its promises."""
    page, report = opened(reports(RECORDING)), reports(RECORDING)
    page.click("label:has(> input[value=broken])")
    page.click("label:has(> input[value=holds])")
    assert named(report, lambda each: each.verdict == "unproven") == shown(page)


def test_filter_by_severity(opened: Open, reports: Reports) -> None:
    """Only promises of the severities that are left, and of broken ones only such findings."""
    page, report = opened(reports(RECORDING)), reports(RECORDING)
    for severity in ("medium", "low", "note"):
        page.click(f"label:has(> input[value={severity}])")
    gravest = named(report, lambda each: each.severity == "high")
    rules = shown(page)
    severities = page.eval_on_selector_all(
        "article.finding:not([hidden])", "all => all.map((each) => each.dataset.severity)"
    )
    assert (gravest, {"high"}) == (rules, set(severities))


def test_filter_by_section(opened: Open, reports: Reports) -> None:
    """One section of the document can be looked at alone."""
    page, report = opened(reports(RECORDING)), reports(RECORDING)
    page.select_option("#section", "Uptake / Recipe Status")
    assert named(report, lambda each: each.section == "Uptake / Recipe Status") == shown(page)


def test_search_for_a_rule(opened: Open, reports: Reports) -> None:
    """A rule is found by its name, with all its findings."""
    page = opened(reports(RECORDING))
    page.fill("#query", "enrollment_id_sent_after_opt_out")
    findings = page.inner_text("#shown").rpartition(", ")[2]
    assert {"enrollment_id_sent_after_opt_out"} == shown(page)
    assert findings != page.inner_text("#shown").rpartition(", ")[2]


def test_search_for_a_finding(opened: Open, reports: Reports) -> None:
    """A finding is found by any word in it, and unfolded where it was folded."""
    page, report = opened(reports(RECORDING)), reports(RECORDING)
    verdict = next(v for v in report.verdicts if len(v.findings) > 3)
    message = verdict.findings[-1].message
    page.fill("#query", message)
    page.evaluate(FILTERED)
    seen = page.eval_on_selector_all(
        "article.finding h4",
        "all => all.filter((each) => each.checkVisibility()).map((each) => each.textContent)",
    )
    assert {True} == {message in " ".join(each.split()) for each in seen}


def test_nothing_is_found(opened: Open, reports: Reports) -> None:
    """Where nothing fits nothing is shown, and Reset brings all of it back."""
    page, report = opened(reports(RECORDING)), reports(RECORDING)
    page.fill("#query", "no such words")
    before = shown(page)
    page.click("text=Reset")
    assert (set(), named(report, lambda _: True)) == (before, shown(page))


def test_link_to_what_is_filtered_out(opened: Open, reports: Reports) -> None:
    """A promise that is followed from the scorecard is shown, though it was filtered out."""
    page = opened(reports(RECORDING))
    page.fill("#query", "no such words")
    page.evaluate(FILTERED)
    page.click("a[href='#rule-preference_value_reported']")
    page.evaluate(FILTERED)
    assert page.is_visible("#rule-preference_value_reported")


def test_keyboard(opened: Open, reports: Reports) -> None:
    """Tab reaches everything that can be used, and Enter unfolds."""
    page = opened(reports("firefox-115-lifecycle"))
    wanted = set(page.evaluate(REACHABLE))
    reached = set()
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(REACHED))
    summary = page.locator("summary >> visible=true").first
    summary.focus()
    page.keyboard.press("Enter")
    unfolded = summary.evaluate("each => each.parentElement.open")
    assert (set(), True) == (wanted - reached, unfolded)


def test_dark(opened: Open, reports: Reports) -> None:
    """The page is dark where a reader has asked for that, and light otherwise."""
    ask = "getComputedStyle(document.body).backgroundColor"
    schemes = ("light", "dark")
    told = [opened(reports(RECORDING), color_scheme=each).evaluate(ask) for each in schemes]
    expected = ["rgb(245, 244, 240)", "rgb(20, 22, 26)"]
    assert expected == told


def test_narrow_screen(opened: Open, reports: Reports) -> None:
    """On a telephone the page is as wide as the screen; what is wider scrolls in itself."""
    page = opened(reports(RECORDING), viewport={"width": 390, "height": 800})
    tabs = "[...document.querySelectorAll('.scroll')].every((each) => each.tabIndex === 0)"
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert (*widths, page.evaluate(tabs)) == (390, 390, True)


def test_paper(opened: Open, reports: Reports) -> None:
    """On paper there are no filters, nothing is folded, and nothing is wider than A4."""
    page = opened(reports(RECORDING), color_scheme="dark", viewport={"width": 688, "height": 900})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    folded = "[...document.querySelectorAll('details')].filter((each) => !each.open).length"
    white = "getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()"
    told = (page.is_visible("#filters"), page.evaluate(folded), page.evaluate(white))
    assert told == (False, 0, "#ffffff")
    assert page.evaluate("document.documentElement.scrollWidth") <= 688


def test_without_script(opened: Open, reports: Reports) -> None:
    """Where scripts are turned off everything can be read, and there are no dead filters."""
    page, report = opened(reports(RECORDING), java_script_enabled=False), reports(RECORDING)
    told = (page.locator("article.promise").count(), page.is_visible("#filters"))
    assert (len(report.verdicts), False) == told


def test_hostile_store(opened: Open, reports: Reports) -> None:
    """Whatever a store says, the browser runs nothing of it and asks for nothing."""
    report = reports(RECORDING)
    verdict = next(verdict for verdict in report.verdicts if verdict.findings)
    place = replace(
        verdict.findings[0].evidence[0],
        event=HOSTILE,
        note=HOSTILE,
        source=HOSTILE,
        person=HOSTILE,
    )
    finding = verdict.findings[0].model_copy(update={"message": HOSTILE, "evidence": (place,)})
    verdict = verdict.model_copy(update={"findings": (finding,), "promise": HOSTILE})
    page = opened(report.model_copy(update={"verdicts": (verdict,)}))
    images = page.locator("img").count()
    assert (page.complaints, images, HOSTILE in page.inner_text("main")) == ([], 0, True)
