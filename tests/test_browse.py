"""`auditor browse`: Datasette over a findings database, started as a process of its own."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from auditor import findings
from auditor.audit import audit
from auditor.rule import load_rules
from auditor.stores import read_stores
from tests.conftest import RECORDINGS, clean_environment

Run = Callable[..., subprocess.CompletedProcess[str]]

PATIENCE = 30


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of one run."""
    folder = RECORDINGS / "firefox-115-upload-off-on"
    report = audit(read_stores([folder / "profile", folder / "received.ndjson"]), load_rules())
    path = tmp_path_factory.mktemp("browsed") / "findings.db"
    findings.append(path, report)
    return path


@pytest.fixture(scope="module")
def browsing(database: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and where it says that it can be read."""
    with subprocess.Popen(
        [sys.executable, "-m", "auditor", "browse", str(database), "--port", "0"],
        cwd=database.parent,
        env=clean_environment(database.parent),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        found = re.fullmatch(r"browsing at (http://127\.0\.0\.1:\d+)\n", process.stdout.readline())
        assert found
        yield process, found[1]
        process.kill()


def fetched(url: str) -> Any:  # noqa: ANN401 - JSON, of no one type
    """What is answered there, as JSON."""
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - our own server
        return json.load(answer)


@pytest.mark.parametrize("view", ["scorecard", "open_findings", "unproven", "timeline", "trend"])
def test_views(browsing: tuple[object, str], database: Path, view: str) -> None:
    """A view shows in the browser what it holds by SQLite alone."""
    shown = fetched(f"{browsing[1]}/findings/{view}.json?_size=max")["rows"]
    with closing(sqlite3.connect(database)) as connection:
        held = connection.execute(f"SELECT * FROM {view}").fetchall()  # noqa: S608 - our own
    assert (True, sorted(map(str, map(list, held)))) == (bool(held), sorted(map(str, shown)))


@pytest.mark.parametrize("table", ["open_findings", "findings", "evidence", "rules"])
def test_search(browsing: tuple[object, str], table: str) -> None:
    """What is searched for is found, in a view as in a table."""
    word = "filler" if table != "evidence" else "annotation"
    some, none = (
        fetched(f"{browsing[1]}/findings/{table}.json?_search={words}")["filtered_table_rows_count"]
        for words in (word, "xylophone")
    )
    assert (some > 0, none) == (True, 0)


def test_description(browsing: tuple[object, str]) -> None:
    """The first page says what the database is."""
    with urllib.request.urlopen(browsing[1], timeout=PATIENCE) as answer:  # noqa: S310 - our own server
        page = answer.read().decode()
    assert {"Findings of auditor", "preference values are never shown"} == {
        words
        for words in ("Findings of auditor", "preference values are never shown")
        if words in page
    }


def test_reading_only(browsing: tuple[object, str], database: Path) -> None:
    """Nothing can be written, and the file cannot be taken away whole."""
    before = database.read_bytes()
    for path in ("findings.db", "findings.json?sql=delete+from+runs"):
        with pytest.raises(urllib.error.HTTPError):
            fetched(f"{browsing[1]}/{path}")
    assert before == database.read_bytes()


def test_stopped(database: Path) -> None:
    """Ctrl+C ends it without a traceback."""
    with subprocess.Popen(
        [sys.executable, "-m", "auditor", "browse", str(database), "--port", "0"],
        cwd=database.parent,
        env=clean_environment(database.parent),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        url = process.stdout.readline().split()[-1]
        fetched(f"{url}/findings/trend.json")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(None, "auditor: it.db: no such file\n", id="no such file"),
        pytest.param(b"text", "auditor: it.db: is no findings database\n", id="another file"),
        pytest.param(b"", "auditor: it.db: is no findings database\n", id="an empty file"),
    ],
)
def test_refused(run: Run, desk: Path, content: bytes | None, sentence: str) -> None:
    """What is no findings database is not served."""
    if content is not None:
        (desk / "it.db").write_bytes(content)
    done = run("browse", "it.db", "--port", "0")
    assert (2, "", sentence) == (done.returncode, done.stdout, done.stderr)


def test_without_datasette(run: Run, database: Path) -> None:
    """Where Datasette is not installed, one sentence says how to get it."""
    code = (
        "import importlib.util, sys\n"
        "plain = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda n, *a: None if n == 'datasette' else plain(n, *a)\n"
        "from auditor.cli import main; main()"
    )
    done = run("browse", database, code=code)
    sentence = "auditor: `browse` needs Datasette: pip install 'auditor[browse]'\n"
    assert (2, sentence) == (done.returncode, done.stderr)
