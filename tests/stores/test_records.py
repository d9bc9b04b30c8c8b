"""What a client stores of its enrollments is read from all five of its stores."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.stores import Stores
from auditor.stores.records import NIMBUS, PREFERENCE_STUDIES, Found, as_word

Rows = list[dict[str, Any]]
ID = "271df616-30dc-49ed-b8b0-2505b95bf5de"

CLEAN = {
    "bug-1801001-pref-adaptive-history-autofill-release-115-115": "expired",
    "bug-1801003-pref-study-endpoint-release-115-115": "expired",
    "bug-1802002-rollout-cache-policy-release-115-117": "graduated",
    "bug-1803001-addon-feature-study-release-115-115": "inactive",
}
LOST_BY_AN_UPDATE = "bug-1802001-rollout-http3-priority-release-115-117"


@pytest.fixture
def stored(
    profile: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows]
) -> Callable[..., Rows]:
    """Read a base table from a profile that has this JSON as one of its stores."""

    def table(value: object, file: str = PREFERENCE_STUDIES, name: str = "records") -> Rows:
        (profile / file).write_text(json.dumps(value))
        return rows(read(profile), name)

    return table


def _truth(recording: Path) -> dict[str, str]:
    known: dict[str, str] = json.loads((recording / "truth.json").read_text())["enrolled_ids"]
    return {slug.encode()[:80].decode(errors="ignore"): known[slug] for slug in known}


@pytest.mark.parametrize(
    ("recording", "unknown"),
    [
        pytest.param("firefox-115-clean", set(), id="clean"),
        pytest.param("firefox-115-lifecycle", {LOST_BY_AN_UPDATE}, id="lifecycle"),
    ],
)
def test_ids_of_recordings(
    recordings: Path,
    read: Callable[..., Stores],
    rows: Callable[[Stores, str], Rows],
    recording: str,
    unknown: set[str],
) -> None:
    """Every enrollment is stored under the ID that the browser gave it, but for those it lost."""
    records = rows(read(recordings / recording / "profile"), "records")
    told = _truth(recordings / recording)
    expected = told | dict.fromkeys(unknown)
    assert expected == {row["slug"]: row["enrollment_id"] for row in records}


def test_ids_of_failures(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows]
) -> None:
    """Slugs long, empty and in any alphabet are kept, and so is an add-on rollout that failed."""
    recording = recordings / "firefox-115-failures"
    records = rows(read(recording / "profile"), "records")
    found = {row["slug"]: row["enrollment_id"] for row in records}
    failed = {"bug-1807004-ar-older": "6cc38c09-f78c-4f4c-aa8a-47accae0611c"}
    assert _truth(recording) | failed == found


def test_states(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows]
) -> None:
    """A record has the state in which the browser left it."""
    records = rows(read(recordings / "firefox-115-clean" / "profile"), "records")
    assert {row["slug"]: row["state"] for row in records} == CLEAN


def test_fillers_after_opting_out(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows]
) -> None:
    """IDs made while upload was off stand beside fillers, and beside those Nimbus forgot."""
    recording = recordings / "firefox-115-upload-off"
    records = rows(read(recording / "profile"), "records")
    kept = {row["slug"] for row in records if row["enrollment_id"]}
    assert kept == {
        "bug-1801005-pref-enrolled-while-upload-off-release-115",
        "bug-1802003-rollout-enrolled-while-upload-off-release",
        "nimbus-experiment-qa1-release-115",
        "nimbus-rollout-qa2-release-115",
    }


def test_row_without_any_id(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows]
) -> None:
    """A row that an update left without an ID has neither an ID nor the filler."""
    records = rows(read(recordings / "firefox-115-upload-off" / "profile"), "records")
    found = {row["slug"] for row in records if not row["filler"] and not row["enrollment_id"]}
    assert {LOST_BY_AN_UPDATE} == found


def test_values_of_recordings(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows]
) -> None:
    """The values of preferences are kept, so that a leak of them can be found."""
    recipes = rows(read(recordings / "firefox-115-clean" / "profile"), "recipes")
    assert {"strict-7731", "4242", "true", "false"} <= {row["value"] for row in recipes}


def test_flat_layout(stored: Callable[..., Rows]) -> None:
    """Studies of the first layout lie at the top, each with one preference and a name."""
    old = {"name": "old", "branch": "a", "expired": False, "enrollmentId": ID}
    records = stored({"__version": 1, "old": old})
    assert [(row["slug"], row["state"], row["enrollment_id"]) for row in records] == [
        ("old", "active", ID)
    ]


def test_value_of_flat_layout(stored: Callable[..., Rows]) -> None:
    """The one preference of a study of the first layout is kept with its value."""
    old = {"name": "old", "branch": "a", "preferenceName": "some.pref", "preferenceValue": 7}
    recipes = stored({"old": old}, name="recipes")
    assert [
        (row["slug"], row["branch"], row["preference"], row["value"], row["value_type"])
        for row in recipes
    ] == [("old", "a", "some.pref", "7", "int")]


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({"slug": "s", "preferenceName": ["a"], "preferenceValue": 1}, id="a name"),
        pytest.param({"slug": "s", "preferences": {"a": {"preferenceValue": []}}}, id="a value"),
        pytest.param({"slug": "s", "preferences": [1]}, id="preferences"),
        pytest.param({"slug": "s", "branch": {}, "lastSeen": [], "expired": []}, id="the rest"),
    ],
)
def test_wrong_types(stored: Callable[..., Rows], entry: object) -> None:
    """A record with parts of the wrong types is a record all the same."""
    assert [row["slug"] for row in stored({"experiments": {"s": entry}})] == ["s"]


def test_entries_that_are_no_records(stored: Callable[..., Rows]) -> None:
    """What is no object is no record, and those beside it are read."""
    value = {"experiments": {"a": None, "b": 1, "c": {"slug": "c"}, "d": ["d"]}}
    assert [row["slug"] for row in stored(value)] == ["c"]


def test_nimbus(stored: Callable[..., Rows]) -> None:
    """An experiment of Nimbus is read by its slug."""
    records = stored({"n": {"active": True, "enrollmentId": ID}}, file=NIMBUS)
    assert [(row["slug"], row["kind"], row["state"], row["enrollment_id"]) for row in records] == [
        ("n", "nimbus_experiment", "active", ID)
    ]


def test_half_a_surrogate_pair(stored: Callable[..., Rows]) -> None:
    """A slug that no UTF-8 can hold is kept with the sign for what is missing."""
    assert [row["slug"] for row in stored({"x": {"slug": "a\ud800"}})] == ["a\ufffd"]


def test_value_without_end() -> None:
    """Of a value that holds itself twice, and so without end, only its kind is kept."""
    endless: dict[str, object] = {}
    endless |= {"slug": endless, "enrollmentId": endless, "state": endless, "branch": endless}
    found = Found()
    found.add("db", "addon-studies", "addon_study", endless, as_word(endless))
    found.add_value("db", endless, "pref", endless)
    assert [(row.slug, row.state, row.enrollment_id) for row in found.records] == [
        ("dict", "dict", "dict")
    ]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param(True, "true", id="a truth, as JavaScript spells it"),
        pytest.param(7, "7", id="a number"),
        pytest.param("text", "text", id="a text"),
        pytest.param(["S3CRET"], "list", id="a list, by its kind"),
    ],
)
def test_word(value: object, word: str) -> None:
    """A plain value has a word, and of any other only the kind is told."""
    assert word == as_word(value)


def test_date_beyond_all(stored: Callable[..., Rows]) -> None:
    """A time that no clock shows is no time."""
    entry = {"slug": "s", "lastSeen": "9999-12-31T23:59:59.999Z"}
    assert [row["seen"] for row in stored({"s": entry})] == [None]
