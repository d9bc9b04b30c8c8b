"""Links, folders and permissions in a profile lead no reader astray, and hide nothing from it."""

import gzip
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


def test_every_name_of_an_archived_ping(
    profile: Path,
    packed: Callable[[object], bytes],
    event_ping: Callable[..., dict[str, Any]],
    table: Callable[..., Rows],
) -> None:
    """Archived pings that were packed, renamed in capitals or lost their suffix are read."""
    names = ["1.{}.event.JSONLZ4", "2.{}.event.json.gz", "3.{}.event", "{}", "5.{}.main.jsonlz4.gz"]
    ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(len(names))]
    for name, document in zip(names, ids, strict=True):
        data = packed(event_ping(id=document))
        data = gzip.compress(data) if name.endswith(".gz") else data
        (profile / ARCHIVE / name.format(document)).write_bytes(data)
    assert {row["ping"] for row in table("pings", profile)} == set(ids)


def test_what_is_no_ping_by_its_name(profile: Path, read: Callable[..., Stores]) -> None:
    """What the system or a browser at work leaves among pings is told as left out."""
    left = [
        f"{ARCHIVE}/.DS_Store",
        f"{ARCHIVE}/1.{PING}.event.jsonlz4.tmp",
        f"{PENDING}/.DS_Store",
        "datareporting/glean/pending_pings/.DS_Store",
    ]
    for name in left:
        (profile / name).parent.mkdir(parents=True, exist_ok=True)
        (profile / name).write_bytes(b"S3CRET")
    (summary,) = read(profile).summaries
    assert (summary.unreadable, summary.ignored) == ((), tuple(sorted(left)))
