"""The command `render`: a kept report in any format, as the audit itself would have written it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor import renderers

Stores = tuple[Path, Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

BROKEN = "firefox-115-upload-off-on"
SECRET = "Zx9-hidden-value"  # noqa: S105 - what a file must not be quoted with
FORMS = sorted(renderers.formats())


@pytest.fixture
def kept(run: Run, recording: Callable[[str], Stores], desk: Path) -> Path:
    """A report that an audit kept as JSON, with the same in every other format beside it."""
    files = [part for form in FORMS for part in ("--report", f"audit.{form}")]
    run("audit", *recording(BROKEN), "--select", "freshness_not_a_time", "--quiet", *files)
    return desk / "audit.json"


def test_files(run: Run, kept: Path) -> None:
    """Every format is written as the audit wrote it, byte for byte, and nothing is printed."""
    files = [part for form in FORMS for part in ("--report", f"again.{form}")]
    done = run("render", kept, *files)
    again = {form: kept.with_name(f"again.{form}").read_bytes() for form in FORMS}
    audit = {form: kept.with_name(f"audit.{form}").read_bytes() for form in FORMS}
    assert (0, "", "", audit) == (done.returncode, done.stdout, done.stderr, again)


@pytest.mark.parametrize("form", FORMS)
def test_printed(run: Run, kept: Path, form: str) -> None:
    """Any format can be printed as well."""
    expected = kept.with_name(f"audit.{form}").read_text(encoding="utf-8")
    assert expected == run("render", kept, "--format", form).stdout


def test_printed_as_text(run: Run, kept: Path) -> None:
    """With nothing asked for, the report is printed as text."""
    assert run("render", kept).stdout == run("render", kept, "--format", "text").stdout


def test_files_and_printed(run: Run, kept: Path, desk: Path) -> None:
    """Both can be asked for at once."""
    done = run("render", kept, "--format", "json", "--report", "again.md")
    assert (kept.read_text(), True) == (done.stdout, (desk / "again.md").exists())


def test_the_verdict_is_not_judged_again(run: Run, kept: Path) -> None:
    """A report of broken promises, once written, exits with 0."""
    assert ('"broken"' in kept.read_text(), run("render", kept).returncode) == (True, 0)


WRONG = {
    "a file that is missing": (None, "cannot be read (No such file or directory)"),
    "no JSON": (SECRET, "is not JSON"),
    "no UTF-8": (b"\xff", "is not JSON"),
    "JSON cut short": ('{"schema": 1, "auditor": "' + SECRET, "is not JSON"),
    "a list": (f'["{SECRET}"]', "is no report of auditor"),
    "another object": (f'{{"{SECRET}": "{SECRET}"}}', "is no report of auditor"),
    "a later schema": (f'{{"schema": 2, "a": "{SECRET}"}}', "is no report of schema 1"),
}


@pytest.mark.parametrize(("content", "reason"), WRONG.values(), ids=WRONG)
def test_no_report(run: Run, desk: Path, content: str | bytes | None, reason: str) -> None:
    """A file that holds no report exits with 2, is told in one sentence, and is not quoted."""
    if content is not None:
        (desk / "kept.json").write_bytes(content.encode() if isinstance(content, str) else content)
    done = run("render", "kept.json", "--report", "again.md")
    assert (done.returncode, done.stdout, (desk / "again.md").exists()) == (2, "", False)
    assert done.stderr.startswith(f"auditor: kept.json: {reason}")
    assert (done.stderr.count("\n"), SECRET in done.stderr) == (1, False)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda report: report.update({SECRET: 1}), id="a part that there is not"),
        pytest.param(lambda report: report.pop("verdicts"), id="a part that is missing"),
        pytest.param(lambda report: report.update(stores=SECRET), id="a part that is no list"),
        pytest.param(
            lambda report: report["verdicts"][0].update(severity=SECRET), id="a wrong severity"
        ),
    ],
)
def test_altered_report(run: Run, kept: Path, spoil: Callable[[dict[str, object]], None]) -> None:
    """A report that was altered is refused, and nothing that stands in it is quoted."""
    report = json.loads(kept.read_text())
    spoil(report)
    kept.write_text(json.dumps(report))
    done = run("render", kept)
    assert (done.returncode, done.stdout, SECRET in done.stderr) == (2, "", False)


@pytest.mark.parametrize("report", ["audit.json", "nowhere/a.md", "a.pdf", "."])
def test_wrong_place(run: Run, kept: Path, report: str) -> None:
    """A report is not written over the one that is read, nor where none can be: exit 2."""
    before = kept.read_bytes()
    done = run("render", kept, "--report", report)
    assert (2, "", before) == (done.returncode, done.stdout, kept.read_bytes())
