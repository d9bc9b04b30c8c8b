"""A ping that lies in two stores is one ping, and a profile that is given twice one profile."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import audit
from auditor.importing import import_sources
from auditor.rule import load_rules
from auditor.stores import Stores
from auditor.stores.tables import PER_STORE

Rows = list[dict[str, Any]]


@pytest.mark.parametrize("order", [1, -1], ids=["the profile first", "the received pings first"])
def test_ping_in_two_stores(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows], order: int
) -> None:
    """A ping in the profile and among the received is one; that of the shutdown was not sent."""
    recording = recordings / "firefox-115-clean"
    alone = rows(read(recording / "received.ndjson"), "pings")
    both = read(*[recording / "profile", recording / "received.ndjson"][::order])
    expected = {(row["ping"], row["received"]) for row in alone}
    assert expected | {("d3848218-0a53-4814-b1ec-612acebdf1b4", None)} == {
        (row["ping"], row["received"]) for row in rows(both, "pings")
    }


@pytest.mark.parametrize("order", [1, -1], ids=["the profile first", "the received pings first"])
def test_events_in_two_stores(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows], order: int
) -> None:
    """Events of a ping in two stores stand once, in the same order as in one store."""
    recording = recordings / "firefox-115-upload-off-on"
    alone = rows(read(recording / "profile"), "events")
    both = read(*[recording / "profile", recording / "received.ndjson"][::order])
    assert sorted(alone, key=_place) == sorted(rows(both, "events"), key=_place)


def in_order(rows: Rows) -> list[str]:
    """Rows in an order that depends on them alone."""
    return sorted(map(str, rows))


def _place(event: dict[str, Any]) -> tuple[object, ...]:
    return event["ping"], event["process"], event["position"]


@pytest.mark.parametrize(
    "recording", ["firefox-115-clean", "firefox-115-upload-off-on", "firefox-153-lifecycle"]
)
@pytest.mark.parametrize("times", [2, 3])
def test_a_profile_given_more_than_once(
    recording: str, times: int, recordings: Path, table: Callable[..., Rows], tmp_path: Path
) -> None:
    """A copy of a profile, or the same again, is one snapshot with one copy of each record."""
    profile = recordings / recording / "profile"
    copy = Path(shutil.copytree(profile, tmp_path / "copy"))
    given = [profile, copy, profile][:times]
    for name in ("profiles", "records", "switches"):
        assert in_order(table(name, profile)) == in_order(table(name, *given))


def test_a_profile_and_its_import(
    recordings: Path, table: Callable[..., Rows], tmp_path: Path
) -> None:
    """A profile beside a store that it was imported into is one as well."""
    profile, store = recordings / "firefox-115-upload-off" / "profile", tmp_path / "store.db"
    import_sources([profile], store)
    for name in ("profiles", "records"):
        assert in_order(table(name, profile)) == in_order(table(name, profile, store))


def test_two_snapshots_of_a_profile(recordings: Path, table: Callable[..., Rows]) -> None:
    """Snapshots of different times stay two, though they hold the same records."""
    snapshots = (recordings / "snapshots-of-upload-off-on").iterdir()
    stores = [recordings / "firefox-115-upload-off-on" / "profile", *sorted(snapshots)]
    times = {row["snapshot"] for store in stores for row in table("profiles", store)}
    assert times == {row["snapshot"] for row in table("profiles", *stores)}
    assert len(times) > 1


def test_two_profiles_that_hold_nothing(tmp_path: Path, table: Callable[..., Rows]) -> None:
    """Nothing tells that they are one: each is left as it was."""
    stores = [tmp_path / name for name in ("one", "two")]
    for store in stores:
        store.mkdir()
        (store / "prefs.js").write_text("")
    assert {0, PER_STORE} == {row["number"] for row in table("profiles", *stores)}


def test_findings_of_a_profile_given_twice(recordings: Path, read: Callable[..., Stores]) -> None:
    """No finding is made twice, and no subject counted twice."""
    profile = recordings / "firefox-115-upload-off-on" / "profile"
    once, twice = (
        {
            verdict.rule: (verdict.subjects, [found.fingerprint for found in verdict.findings])
            for verdict in audit(read(*stores), load_rules()).verdicts
        }
        for stores in ([profile], [profile, profile])
    )
    assert once == twice
