"""One call makes all that a compliance officer files: each file is opened by its own reader."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest

from auditor.rule import load_rules
from tests.renderers.test_sarif import faults

RULES = {rule.name for rule in load_rules()}


class Page(HTMLParser):
    """The texts of a page, as a browser takes it apart."""

    def __init__(self, page: str) -> None:
        """Take the page apart."""
        super().__init__()
        self.texts: set[str] = set()
        self.feed(page)
        self.close()

    def handle_data(self, data: str) -> None:
        """Take one text."""
        self.texts.add(data.strip())


@pytest.fixture
def filed(tmp_path: Path, run: Callable, recording: Callable) -> Path:  # type: ignore[type-arg]
    """The folder into which one audit of a profile has put its reports."""
    profile, _ = recording("firefox-115-upload-off-on")
    names = ("report.html", "findings.sarif", "findings.db")
    asked = [part for name in names for part in ("--report", tmp_path / name)]
    assert run("audit", profile, *asked, "--quiet").returncode == 1
    return tmp_path


def test_the_page_tells_every_rule(filed: Path) -> None:
    """A browser finds each rule by its name."""
    page = Page((filed / "report.html").read_text(encoding="utf-8"))
    assert set() == RULES - page.texts


def test_the_log_is_what_its_schema_asks_for(filed: Path) -> None:
    """A reader of SARIF finds nothing wrong with it, and every rule in it."""
    log = json.loads((filed / "findings.sarif").read_text(encoding="utf-8"))
    assert set() == faults(log)
    (done,) = log["runs"]
    assert {rule["id"] for rule in done["tool"]["driver"]["rules"]} == RULES


def test_the_database_can_be_asked(filed: Path) -> None:
    """SQLite finds every rule on the scorecard."""
    with closing(sqlite3.connect(filed / "findings.db")) as database:
        scorecard = database.execute("SELECT rule FROM scorecard").fetchall()
    assert {rule for (rule,) in scorecard} == RULES
