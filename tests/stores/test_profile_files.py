"""Links, folders and permissions in a profile lead no reader astray, and hide nothing from it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.stores import Stores
from auditor.stores.indexeddb import FOLDER

Rows = list[dict[str, Any]]
PING = "ed1d48a6-777c-421f-9ec6-a34e69957908"
ARCHIVE = "datareporting/archived/2026-11"
PENDING = "saved-telemetry-pings"
PREFS = "prefs.js"
STATE = "datareporting/state.json"
STUDIES = "shield-preference-experiments.json"
ROLLOUTS = (FOLDER / "1451318868ntouromlalnodry--epcr.sqlite").as_posix()
GONE = "cannot be opened (No such file or directory)"
LOOP = "cannot be opened (Too many levels of symbolic links)"


@pytest.mark.parametrize("part", [f"{PENDING}/x", PREFS, STATE, STUDIES, ROLLOUTS])
def test_dangling_link(clean: Path, reasons: Callable[[Path], dict[str, str]], part: str) -> None:
    """A link to a file that is gone stands for evidence that is missed."""
    (clean / part).unlink(missing_ok=True)
    (clean / part).symlink_to("gone")
    assert reasons(clean) == {part: GONE}


@pytest.mark.parametrize("part", [f"{PENDING}/x", f"{ARCHIVE}/x.json", PREFS, STUDIES])
def test_link_to_itself(clean: Path, reasons: Callable[[Path], dict[str, str]], part: str) -> None:
    """A link that leads to itself cannot be opened."""
    (clean / part).unlink(missing_ok=True)
    (clean / part).symlink_to(clean / part)
    assert reasons(clean) == {part: LOOP}


def test_link_to_the_folder_above(clean: Path, table: Callable[..., Rows]) -> None:
    """A folder in the archive that leads back to the archive adds nothing."""
    before = table("pings", clean)
    (clean / ARCHIVE / "again").symlink_to(clean / ARCHIVE, target_is_directory=True)
    assert before == table("pings", clean)


@pytest.mark.parametrize("place", [PENDING, ARCHIVE])
def test_folder_named_like_a_ping(
    clean: Path, reasons: Callable[[Path], dict[str, str]], place: str
) -> None:
    """A folder is no ping, whatever its name."""
    (clean / place / f"1.{PING}.event.jsonlz4").mkdir()
    assert reasons(clean) == {}


def test_pipe_named_like_a_ping(clean: Path, reasons: Callable[[Path], dict[str, str]]) -> None:
    """A pipe, which might never end, is no ping."""
    os.mkfifo(clean / PENDING / PING)
    assert reasons(clean) == {}


ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="to root every file may be read")


@ROOT
@pytest.mark.parametrize("part", [PREFS, STATE, STUDIES, ROLLOUTS])
def test_file_that_may_not_be_read(
    clean: Path, reasons: Callable[[Path], dict[str, str]], part: str
) -> None:
    """A file without permission is named, and no other."""
    (clean / part).chmod(0)
    assert reasons(clean) == {part: "cannot be opened (Permission denied)"}


@ROOT
def test_folder_that_may_not_be_entered(
    profile: Path, reasons: Callable[[Path], dict[str, str]]
) -> None:
    """A file in a folder that may be listed but not entered is named."""
    (profile / PENDING / PING).write_text("{}")
    (profile / PENDING).chmod(0o444)
    found = reasons(profile)
    (profile / PENDING).chmod(0o755)
    assert found == {f"{PENDING}/{PING}": "cannot be opened (Permission denied)"}


@ROOT
@pytest.mark.parametrize("folder", [PENDING, ARCHIVE])
def test_folder_that_may_not_be_listed(
    profile: Path, reasons: Callable[[Path], dict[str, str]], folder: str
) -> None:
    """A folder that may not be listed is named: nobody knows what pings are in it."""
    (profile / folder).chmod(0)
    found = reasons(profile)
    (profile / folder).chmod(0o755)
    assert found == {folder: "cannot be listed (Permission denied)"}


def test_file_in_the_place_of_a_folder(
    profile: Path, reasons: Callable[[Path], dict[str, str]]
) -> None:
    """A file where a folder of pings should be is named."""
    (profile / PENDING).rmdir()
    (profile / PENDING).write_text("S3CRET")
    assert reasons(profile) == {PENDING: "cannot be listed (Not a directory)"}


def test_a_link_to_a_device(clean: Path, read: Callable[..., Stores]) -> None:
    """What has no end is named, and never read."""
    (clean / ARCHIVE / "endless.jsonlz4").symlink_to("/dev/zero")
    (summary,) = read(clean).summaries
    assert {part.reason for part in summary.unreadable} == {
        "is no file with an end: a device, a pipe or the like"
    }
