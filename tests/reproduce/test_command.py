"""The command `reproduce`: what it makes, what it says, and what it refuses."""

import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from auditor.cli import app
from auditor.failures import UsageError
from tests.conftest import RECORDINGS
from tests.test_recordings import findings

RECORDING = "firefox-115-clean"
STORES = (RECORDINGS / RECORDING / "profile", RECORDINGS / RECORDING / "received.ndjson")


@cache
def fingerprint() -> str:
    """That of one finding of the recording."""
    return next(f.fingerprint for rule, f in findings(RECORDING) if rule == "extra_undocumented")


def reproduce(*arguments: object) -> Result:
    """Run the command on the recording."""
    return CliRunner().invoke(app, ["reproduce", *map(str, arguments), *map(str, STORES)])


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A file with a key."""
    path = tmp_path / "key"
    path.write_bytes(b"0123456789abcdef")
    return path


def rows(path: Path) -> list[str]:
    """Everything that a store holds."""
    connection = sqlite3.connect(path)
    try:
        return [*connection.iterdump()]
    finally:
        connection.close()


def test_the_same_key_gives_the_same_store(tmp_path: Path, key: Path) -> None:
    """The beginning of a fingerprint is enough, and what is printed tells how to audit the rows."""
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    told = reproduce(fingerprint()[:8], "--into", first, "--token-key", key)
    assert told.exit_code == 0
    assert "2 rows that break extra_undocumented (1 pings, 1 events)" in told.stdout
    assert f"auditor audit {first.as_posix()} --select extra_undocumented" in told.stdout
    assert reproduce(fingerprint(), "--into", second, "--token-key", key).exit_code == 0
    assert rows(first) == rows(second)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.db", "key", "second.db"]


def test_without_a_key_two_stores_cannot_be_joined(tmp_path: Path) -> None:
    """Each run draws a key of its own."""
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    for path in (first, second):
        assert reproduce(fingerprint(), "--into", path).exit_code == 0
    assert ids(first).isdisjoint(ids(second))


def ids(path: Path) -> set[str]:
    """The document and client ids of a store."""
    connection = sqlite3.connect(path)
    try:
        found = connection.execute("SELECT ping, client_id FROM pings").fetchall()
        return {text for row in found for text in row if text}
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        pytest.param(lambda right: right[:31] + other(right[31]), "no finding has", id="near miss"),
        pytest.param(lambda _: "' OR 1=1 --", "32 hexadecimal digits", id="SQL"),
        pytest.param(lambda _: "../../etc/passwd", "32 hexadecimal digits", id="a path"),
        pytest.param(lambda _: "", "32 hexadecimal digits", id="nothing"),
        pytest.param(lambda _: ".*..", "32 hexadecimal digits", id="a pattern"),
        pytest.param(lambda right: right + "0", "32 hexadecimal digits", id="one digit too many"),
        pytest.param(lambda right: right[:3], "32 hexadecimal digits", id="too short to copy"),
    ],
)
def test_what_is_no_finding_is_refused(
    wrong: Callable[[str], str], why: str, tmp_path: Path
) -> None:
    """With the command that lists fingerprints; nothing is made."""
    result = reproduce(wrong(fingerprint()), "--into", tmp_path / "mini.db")
    assert isinstance(result.exception, UsageError)
    assert why in str(result.exception)
    assert "`auditor audit STORE... --format json`" in str(result.exception)
    assert [*tmp_path.iterdir()] == []


def other(digit: str) -> str:
    """Another hexadecimal digit."""
    return "0" if digit != "0" else "1"


def test_a_file_that_exists_is_left_alone(tmp_path: Path) -> None:
    """Nothing is replaced, whatever it is, and the stores are not even read."""
    path = tmp_path / "mini.db"
    path.write_text("somebody's", encoding="utf-8")
    result = reproduce(fingerprint(), "--into", path)
    assert isinstance(result.exception, UsageError)
    assert "exists already" in str(result.exception)
    assert path.read_text(encoding="utf-8") == "somebody's"


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    """No folder is made."""
    result = reproduce(fingerprint(), "--into", tmp_path / "none" / "mini.db")
    assert isinstance(result.exception, UsageError)
    assert "no file can be made there" in str(result.exception)
