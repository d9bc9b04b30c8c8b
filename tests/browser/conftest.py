"""A real Chromium, and pages of real recordings opened in it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import audit
from auditor.renderers import render
from auditor.report import Report
from auditor.rule import load_rules
from auditor.stores import read_stores

RECORDINGS = Path(__file__).parents[1] / "recordings"

Open = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The Chromium of the system, without a window."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    if binary is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    reason = "playwright is not installed: make test-browser"
    playwright = pytest.importorskip("playwright.sync_api", reason=reason)
    with playwright.sync_playwright() as driver:
        # Chromium's own sandbox is refused to the administrator, as whom containers run tests.
        browser = driver.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def reports() -> Callable[[str], Report]:
    """The report of a recording, by its name."""
    made: dict[str, Report] = {}

    def report(name: str) -> Report:
        if name not in made:
            stores = (RECORDINGS / name / "profile", RECORDINGS / name / "received.ndjson")
            made[name] = audit(read_stores(stores), load_rules())
        return made[name]

    return report


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Open]:  # noqa: ANN401 - playwright's own
    """Open a report as a page; what the browser complained of stands in `page.complaints`."""
    pages = []

    def open_page(report: Report, **context: object) -> Any:  # noqa: ANN401 - playwright's own
        file = tmp_path / "report.html"
        file.write_bytes(render(report, "html"))
        page = chromium.new_page(**{"viewport": {"width": 1100, "height": 900}, **context})
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
        page.on(
            "request",
            lambda asked: asked.url == file.as_uri() or page.complaints.append(asked.url),
        )
        page.goto(file.as_uri())
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
