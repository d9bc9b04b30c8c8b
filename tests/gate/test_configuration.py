"""Options in a file: the command line's own, told by line where they are wrong."""

import inspect
from pathlib import Path

import pytest

from auditor import configuration
from auditor.commands.auditing import audit
from auditor.failures import UsageError


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_option_of_an_audit() -> None:
    """The file may hold every option of `audit`, but not what is audited, the file or the day.

    Nor how a single run is told, or which shard it is of.
    """
    others = {"stores", "config", "today", "color", "quiet", "verbose", "shard"}
    options = set(inspect.signature(audit).parameters) - others
    named = {"format" if name == "form" else name for name in options}
    assert named == set(configuration.Configuration.model_fields)


def test_none(desk: Path) -> None:
    """Where there is no file, nothing is said."""
    (desk / "pyproject.toml").write_text('[project]\nname = "other"\n')
    assert configuration.options(None) == {}


@pytest.mark.parametrize(
    ("file", "head"), [("auditor.toml", ""), ("pyproject.toml", "[tool.auditor]\n")]
)
def test_found_by_name(desk: Path, file: str, head: str) -> None:
    """Either of two files in the working directory may hold the options."""
    (desk / file).write_text(head + 'fail_on = "high"\nselect = ["a", "b"]\nformat = "json"\n')
    expected = {"fail_on": "high", "select": ["a", "b"], "form": "json"}
    assert expected == configuration.options(None)


def test_both(desk: Path) -> None:
    """Two files that both hold options are refused: nobody could tell which counts."""
    (desk / "auditor.toml").write_text("")
    (desk / "pyproject.toml").write_text("[tool.auditor]\n")
    with pytest.raises(UsageError):
        configuration.options(None)


def test_paths_are_seen_from_the_file(desk: Path) -> None:
    """A path in the file means the same wherever the command is run."""
    (desk / "auditor.toml").write_text(
        'baseline = "b.json"\nreport = ["r.md"]\ncontract = "own.toml"\nrecipes = "/r.json"\n'
    )
    expected = {"baseline": desk / "b.json", "contract": desk / "own.toml", "recipes": "/r.json"}
    found = configuration.options(desk / "auditor.toml")
    assert {key: str(value) for key, value in expected.items()} | {
        "report": [str(desk / "r.md")]
    } == found


UNKNOWN = "there is no such option of audit"
WRONG = {
    "a letter too many": ('\nfail_ons = "low"', 2, f"{UNKNOWN}; did you mean fail_on?"),
    "a hyphen": ('fail-on = "low"', 1, f"{UNKNOWN}; did you mean fail_on?"),
    "nothing near": ("zzzzzz = 1", 1, UNKNOWN),
    "a list that is a text": ('select = "a"', 1, "input should be a valid tuple"),
    "a severity that there is not": (
        'fail_on = "secret"',
        1,
        "input should be 'high', 'medium', 'low', 'note' or 'never'",
    ),
    "not TOML": ("fail_on = secret", 1, "this is not TOML"),
}


@pytest.mark.parametrize(("text", "line", "said"), WRONG.values(), ids=WRONG.keys())
@pytest.mark.parametrize("head", ["", "[tool.auditor]\n"], ids=["its own file", "pyproject.toml"])
def test_wrong(desk: Path, text: str, line: int, said: str, head: str) -> None:
    """What is wrong is told by line, with the name that was meant, quoting no value."""
    name = "pyproject.toml" if head else "auditor.toml"
    (desk / name).write_text(head + text)
    with pytest.raises(UsageError) as refused:
        configuration.options(None)
    assert f"{name}, line {line + bool(head)}: {said}" == str(refused.value)
