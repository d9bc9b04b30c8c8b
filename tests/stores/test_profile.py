"""A profile is read as far as it can be, and what cannot be read is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.stores import NothingAuditedError, Stores
from auditor.stores.indexeddb import FOLDER
from auditor.stores.plain import CANARY

Rows = list[dict[str, Any]]
Build = Callable[..., dict[str, Any]]
PING = "ed1d48a6-777c-421f-9ec6-a34e69957908"
ARCHIVE = "datareporting/archived/2026-11"
PENDING = "saved-telemetry-pings"
PREFS = "prefs.js"
STATE = "datareporting/state.json"
STUDIES = "shield-preference-experiments.json"
ROLLOUTS = (FOLDER / "1451318868ntouromlalnodry--epcr.sqlite").as_posix()


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(f"{ARCHIVE}/1.{PING}.event.json", id="archived, of old"),
        pytest.param(f"{PENDING}/{PING}", id="waiting to be sent"),
        pytest.param(f"{PENDING}/any name", id="waiting under another name"),
        pytest.param("datareporting/aborted-session-ping", id="of an aborted session"),
    ],
)
def test_place(profile: Path, table: Callable[..., Rows], event_ping: Build, place: str) -> None:
    """A ping in plain JSON is read wherever the browser keeps one."""
    (profile / place).write_text(json.dumps(event_ping()))
    assert [(PING, place)] == [(row["ping"], row["source"]) for row in table("pings", profile)]


def test_archived(
    profile: Path,
    table: Callable[..., Rows],
    event_ping: Build,
    packed: Callable[[object], bytes],
) -> None:
    """A ping archived as mozLz4 is read."""
    (profile / ARCHIVE / f"1.{PING}.event.jsonlz4").write_bytes(packed(event_ping()))
    assert [row["ping"] for row in table("pings", profile)] == [PING]


def test_both_forms(
    profile: Path,
    table: Callable[..., Rows],
    event_ping: Build,
    packed: Callable[[object], bytes],
) -> None:
    """A ping in plain JSON beside the same as mozLz4 is one ping."""
    (profile / ARCHIVE / f"1.{PING}.event.jsonlz4").write_bytes(packed(event_ping()))
    (profile / ARCHIVE / f"1.{PING}.event.json").write_text(json.dumps(event_ping()))
    assert [row["ping"] for row in table("pings", profile)] == [PING]


def test_recordings(
    recordings: Path, reasons: Callable[[Path], dict[str, str]], subtests: pytest.Subtests
) -> None:
    """Every recorded profile is read without a loss."""
    for prefs in recordings.glob("*/profile/prefs.js"):
        with subtests.test(prefs.parent.parent.name):
            assert reasons(prefs.parent) == {}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "is not JSON (line 1, column 1)", id="empty"),
        pytest.param(b"[]", "is not a JSON object", id="a list"),
        pytest.param(b"\xff", "is not UTF-8 (byte 0)", id="no UTF-8"),
        pytest.param(b"\x1f\x8b", "is gzip cut short", id="half gzip"),
        pytest.param(
            b" " * (10 << 20),
            "is 10,485,760 bytes, more than the 8,388,608 that it may be",
            id="ten megabytes",
        ),
        pytest.param(b"[" * 5000, "is JSON nested too deeply", id="lists in lists"),
    ],
)
def test_broken_ping(
    clean: Path, reasons: Callable[[Path], dict[str, str]], content: bytes, reason: str
) -> None:
    """A file that is no ping is named, and no other."""
    (clean / PENDING / "broken").write_bytes(content)
    assert {f"{PENDING}/broken": reason} == reasons(clean)


def test_pings_beside_a_broken_one(clean: Path, table: Callable[..., Rows]) -> None:
    """The pings beside a broken one are read."""
    before = table("pings", clean)
    (clean / ARCHIVE / f"0.{PING}.event.jsonlz4").write_bytes(b"mozLz40\0\xff")
    assert before == table("pings", clean)


def test_faults_of_a_ping(
    profile: Path, reasons: Callable[[Path], dict[str, str]], event_ping: Build
) -> None:
    """A broken event is named with the file in which it stands."""
    place = f"{PENDING}/{PING}"
    (profile / place).write_text(json.dumps(event_ping("S3CRET")))
    fault = "has an event that is not a list of 4 to 6 values (#0)"
    assert reasons(profile) == {place: fault}


@pytest.mark.parametrize(
    ("part", "content", "reason"),
    [
        pytest.param(PREFS, b"\xff", "is not UTF-8 (byte 0)", id="preferences"),
        pytest.param(STATE, b"{", "is not JSON (line 1, column 2)", id="its state"),
        pytest.param(STATE, b"[]", "is not a JSON object", id="a state that is a list"),
        pytest.param(STUDIES, b"", "is not JSON (line 1, column 1)", id="studies"),
        pytest.param(STUDIES, b"[]", "is not a JSON object of records", id="studies in a list"),
        pytest.param(
            STUDIES, b'{"experiments":7}', "is not a JSON object of records", id="no studies"
        ),
        pytest.param(
            ROLLOUTS, b"", "is not a whole SQLite database of IndexedDB", id="an empty database"
        ),
    ],
)
def test_broken_part(
    clean: Path, reasons: Callable[[Path], dict[str, str]], part: str, content: bytes, reason: str
) -> None:
    """A part that cannot be read is named, and no other."""
    (clean / part).write_bytes(content)
    assert {part: reason} == reasons(clean)


@pytest.mark.parametrize("part", [PREFS, STATE, STUDIES, ROLLOUTS])
def test_pings_beside_a_broken_part(clean: Path, table: Callable[..., Rows], part: str) -> None:
    """The pings of a profile of which a part is broken are read."""
    before = {row["ping"] for row in table("pings", clean)}
    (clean / part).write_bytes(b"\xff")
    assert before == {row["ping"] for row in table("pings", clean)}


@pytest.mark.parametrize(
    ("part", "lost"),
    [
        pytest.param(STUDIES, "preference-studies", id="studies"),
        pytest.param(ROLLOUTS, "preference-rollouts", id="a database"),
    ],
)
def test_records_beside_a_broken_store(
    clean: Path, table: Callable[..., Rows], part: str, lost: str
) -> None:
    """The other stores of a profile of which one is broken are read."""
    before = {row["store"] for row in table("records", clean)}
    (clean / part).write_bytes(b"\xff")
    assert before - {lost} == {row["store"] for row in table("records", clean)}


def test_no_profile(tmp_path: Path, read: Callable[..., Stores]) -> None:
    """A folder without anything of a profile is not audited."""
    with pytest.raises(NothingAuditedError, match="holds no telemetry store that is known"):
        read(tmp_path)


def test_folder_around_a_profile(recordings: Path, read: Callable[..., Stores]) -> None:
    """Who names the folder around a profile is told where the profile is."""
    with pytest.raises(NothingAuditedError, match=r"did you mean .*firefox-115-clean/profile"):
        read(recordings / "firefox-115-clean")


def _left(preference: str, client: str) -> tuple[str, str]:
    return f'user_pref("datareporting.healthreport.uploadEnabled", {preference});', client


@pytest.mark.parametrize(
    ("prefs", "client", "shown_by"),
    [
        pytest.param(*_left("false", PING), ["preference"], id="by the preference"),
        pytest.param(*_left("true", CANARY), ["canary client id"], id="by the client id"),
        pytest.param("", CANARY, ["canary client id"], id="by a policy, which leaves no line"),
        pytest.param(*_left("true", PING), [], id="not at all"),
        pytest.param("", PING, [], id="not at all, without a preference"),
    ],
)
def test_upload_off(
    profile: Path,
    table: Callable[..., Rows],
    prefs: str,
    client: str,
    shown_by: list[str],
) -> None:
    """That upload was off as the profile was left is shown by a preference or by the client id."""
    (profile / PREFS).write_text(prefs)
    (profile / STATE).write_text(json.dumps({"clientID": client}))
    assert shown_by == [row["shown_by"] for row in table("switches", profile)]


def test_preference_that_only_will_be(profile: Path, table: Callable[..., Rows]) -> None:
    """What `user.js` will switch off at the next start is not off yet."""
    (profile / "user.js").write_text(_left("false", PING)[0])
    assert table("switches", profile) == []
