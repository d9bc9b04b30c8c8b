"""Files and directories of pings, and Glean's pings."""

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lz4.block
import pytest

from auditor.stores import NothingAuditedError, Stores

Rows = list[dict[str, Any]]
Table = Callable[..., Rows]
Build = Callable[..., dict[str, Any]]

GLEAN = "afdee490-9d17-414e-946f-8a3c6a1f7b52"
CLIENT = "e02e6401-eaf6-4c88-ba86-a4c7d42128ec"
NOON = 1_795_521_600_000
ENROLL = [1000, "normandy", "enroll", "preference_study", "a-study", {"branch": "a"}]


def glean_ping(*events: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A Glean ping of a client that legacy telemetry knows."""
    return {
        "client_info": {"app_display_version": "140.12.0", "app_channel": "esr"},
        "ping_info": {"seq": 1, "start_time": "2026-11-24T12:00:00.000+00:00"},
        "metrics": {"uuid": {"legacy.telemetry.client_id": CLIENT}},
        "events": list(events),
        **more,
    }


def glean_event(name: str, moment: int, **extra: str) -> dict[str, Any]:
    """An event of Normandy as Glean records it."""
    extras = {"glean_timestamp": str(moment), **extra}
    return {"timestamp": 0, "category": "normandy", "name": name, "extra": extras}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A directory for pings."""
    place = tmp_path / "pings"
    place.mkdir()
    return place


def test_every_form_of_a_ping(folder: Path, event_ping: Build, table: Table) -> None:
    """JSON, gzip, a name that is a document id, Glean's three lines and NDJSON are all read."""
    names = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(4)]
    bodies = [json.dumps(event_ping(ENROLL, id=name)).encode() for name in names]
    (folder / "one.json").write_bytes(bodies[0])
    (folder / "two.json.gz").write_bytes(gzip.compress(bodies[1]))
    (folder / names[2]).write_bytes(bodies[2])
    (folder / "more.ndjson").write_bytes(bodies[3] + b"\n")
    path = f"/submit/firefox-desktop/events/1/{GLEAN}"
    (folder / "glean").mkdir()
    (folder / "glean" / GLEAN).write_text(f"{path}\n{json.dumps(glean_ping())}\n{{}}")
    assert {row["ping"] for row in table("pings", folder)} == {*names, GLEAN}


def test_one_file_is_a_store(folder: Path, event_ping: Build, table: Table) -> None:
    """A single ping may be audited by itself."""
    (folder / "one.json").write_text(json.dumps(event_ping(ENROLL)))
    assert [row["slug"] for row in table("events", folder / "one.json")] == ["a-study"]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("{", id="JSON cut short"),
        pytest.param("", id="nothing"),
        pytest.param(json.dumps({"type": "event", "payload": {}}), id="a ping without its id"),
        pytest.param(json.dumps([{"id": GLEAN, "creationDate": "x"}]), id="a list of pings"),
        pytest.param(json.dumps({"all": [{"ping_info": {}}]}), id="pings inside something else"),
    ],
)
def test_a_file_that_is_no_ping(
    folder: Path, event_ping: Build, read: Callable[..., Stores], written: str
) -> None:
    """It is named, and the others are read."""
    (folder / "a.json").write_text(written)
    (folder / "b.json").write_text(json.dumps(event_ping(ENROLL)))
    (summary,) = read(folder).summaries
    assert ({part.path for part in summary.unreadable}, summary.pings) == ({"a.json"}, 1)


@pytest.mark.parametrize("name", ["a.json", "a.JSONLZ4", "00000000-0000-4000-8000-000000000000"])
def test_renamed_mozlz4(folder: Path, event_ping: Build, table: Table, name: str) -> None:
    """The first bytes of a file tell that it is packed, whatever it is called."""
    packed = lz4.block.compress(json.dumps(event_ping(ENROLL)).encode())
    (folder / name).write_bytes(b"mozLz40\0" + packed)
    assert [row["slug"] for row in table("events", folder)] == ["a-study"]


def test_unpacked_jsonlz4(folder: Path, event_ping: Build, table: Table) -> None:
    """A ping that somebody has unpacked in its place is read as well."""
    (folder / "a.jsonlz4").write_text(json.dumps(event_ping(ENROLL)))
    assert [row["slug"] for row in table("events", folder)] == ["a-study"]


def test_a_name_that_is_not_text(
    folder: Path, event_ping: Build, read: Callable[..., Stores]
) -> None:
    """A file may be called by any bytes: it is read, and named in a way that can be written."""
    place = os.fsencode(folder)
    Path(os.fsdecode(place + b"/\xff.json")).write_text(json.dumps(event_ping(ENROLL)))
    Path(os.fsdecode(place + b"/\xfe.json")).write_text("{")
    (summary,) = read(folder).summaries
    assert (summary.pings, [part.path for part in summary.unreadable]) == (1, ["\\xfe.json"])


def test_an_export_among_pings(
    folder: Path, event_ping: Build, read: Callable[..., Stores]
) -> None:
    """It is not passed over in silence, however many pings come before it."""
    for number in range(10):
        (folder / f"{number}.json").write_text(json.dumps(event_ping(ENROLL)))
    row = {"document_id": GLEAN, "event_category": "normandy"}
    (folder / "events.ndjson").write_text(json.dumps(row))
    (summary,) = read(folder).summaries
    assert [part.path for part in summary.unreadable] == ["events.ndjson"]


@pytest.mark.parametrize("kind", ["pings", "warehouse-export"])
@pytest.mark.parametrize("link", [True, False], ids=["a link", "a folder without permission"])
def test_a_shut_folder(  # noqa: PLR0913, PLR0917 - fixtures and cases
    folder: Path,
    event_ping: Build,
    read: Callable[..., Stores],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    link: bool,  # noqa: FBT001 - a case, not a flag
) -> None:
    """A folder that cannot be looked into is named: nobody knows what is in it."""
    row = {"document_id": GLEAN, "event_category": "normandy", "creation_date": "2026-11-24"}
    body = event_ping(ENROLL) if kind == "pings" else row
    (folder / "a.json").write_text(json.dumps(body))
    shut = folder / "shut"
    shut.symlink_to(folder) if link else shut.mkdir()
    # To root every folder may be listed, so that the system's answer is played.
    monkeypatch.setattr("os.access", lambda path, _: Path(path) != shut)
    (summary,) = read(folder).summaries
    assert (kind, True) == (summary.kind, "shut" in {part.path for part in summary.unreadable})


BESIDE = ["README.md", ".DS_Store", "recorder.log", "truth.json", "list.json", ".a.json", "x/notes"]


def test_what_lies_among_pings(
    folder: Path, event_ping: Build, read: Callable[..., Stores]
) -> None:
    """What is something else altogether makes no audit incomplete, and is named as left out."""
    (folder / "x").mkdir()
    for name in BESIDE:
        (folder / name).write_text("[1, 2]" if name == "list.json" else '{"summary": {"a": 1}}')
    (folder / "b.json").write_text(json.dumps(event_ping(ENROLL)))
    (summary,) = read(folder).summaries
    assert (summary.unreadable, summary.pings) == ((), 1)
    assert summary.ignored == tuple(sorted(BESIDE))


@pytest.mark.parametrize("name", [GLEAN, f"{GLEAN}.json", f"7.{GLEAN}.event.jsonlz4"])
def test_what_stands_where_a_ping_was(
    folder: Path, event_ping: Build, read: Callable[..., Stores], name: str
) -> None:
    """A file that is named by a document id, and is something else now, is not passed over."""
    (folder / name).write_text("{}")
    (folder / f"{GLEAN}.md").write_text("a note")
    (folder / "b.json").write_text(json.dumps(event_ping(ENROLL)))
    (summary,) = read(folder).summaries
    assert ({part.path for part in summary.unreadable}, summary.pings) == ({name}, 1)
    assert summary.ignored == (f"{GLEAN}.md",)


@pytest.mark.parametrize("name", ["a.JSON", "a.Json.GZ", f"7.{GLEAN}.event", GLEAN.upper()])
def test_names_of_pings(folder: Path, event_ping: Build, table: Table, name: str) -> None:
    """A name may be in capitals, or have lost its suffix."""
    (folder / name).write_text(json.dumps(event_ping(ENROLL)))
    assert [row["slug"] for row in table("events", folder)] == ["a-study"]


def test_a_ping_beside_which_there_is_nothing(folder: Path, read: Callable[..., Stores]) -> None:
    """One file that was to be read, and is something else, is unreadable."""
    (folder / "a.json").write_text("[]")
    (summary,) = read(folder / "a.json").summaries
    assert [part.reason for part in summary.unreadable] == ["is not a JSON object"]


def test_a_fleet_of_profiles_is_no_directory_of_pings(
    folder: Path, event_ping: Build, read: Callable[..., Stores]
) -> None:
    """Read as one, the profiles would be one person's."""
    profile = folder / "fleet" / "one"
    (profile / "saved-telemetry-pings").mkdir(parents=True)
    (profile / "prefs.js").write_text("")
    (profile / "saved-telemetry-pings" / GLEAN).write_text(json.dumps(event_ping(ENROLL)))
    with pytest.raises(NothingAuditedError):
        read(folder)


def test_other_files_are_passed_over(folder: Path, read: Callable[..., Stores]) -> None:
    """A directory without anything that looks like a ping is no store."""
    (folder / "notes.txt").write_text("nothing")
    with pytest.raises(NothingAuditedError):
        read(folder)


def test_glean_events_are_normandys_events(folder: Path, table: Table) -> None:
    """Method, object and value are told by the metric's name and the extra `value`."""
    event = glean_event("unenroll_failed_addon_rollback", NOON, value="a", reason="gone")
    (folder / f"{GLEAN}.json").write_text(json.dumps(glean_ping(event)))
    (row,) = table("events", folder)
    assert (row["method"], row["object"], row["kind"], row["slug"], row["latest"]) == (
        "unenrollFailed", "addon_rollback", "addon_rollout", "a", NOON,
    )  # fmt: skip


def test_glean_events_are_in_the_order_of_their_times(folder: Path, table: Table) -> None:
    """Whatever order the ping lists them in."""
    events = [glean_event("enroll_addon_study", NOON + n, value=f"s{n}") for n in (2000, 0, 1000)]
    (folder / f"{GLEAN}.json").write_text(json.dumps(glean_ping(*events)))
    rows = sorted(table("events", folder), key=lambda row: row["sequence"])
    assert [row["slug"] for row in rows] == ["s0", "s1000", "s2000"]


def test_a_mirrored_event_counts_once(folder: Path, event_ping: Build, table: Table) -> None:
    """What both Glean and Firefox's own telemetry record happened once."""
    ping = event_ping(ENROLL, clientId=CLIENT, creationDate="2026-11-24T12:00:05.000Z")
    (folder / "legacy.json").write_text(json.dumps(ping))
    moment = NOON + 4500
    events = [
        glean_event("enroll_preference_study", moment, value="a-study"),
        glean_event("enroll_preference_study", moment, value="another"),
    ]
    (folder / f"{GLEAN}.json").write_text(json.dumps(glean_ping(*events)))
    rows = table("events", folder)
    assert sorted((row["slug"], row["process"]) for row in rows) == [
        ("a-study", "parent"), ("another", "glean"),
    ]  # fmt: skip


@pytest.mark.parametrize("recording", ["firefox-140-uptake", "firefox-153-lifecycle"])
def test_a_recording_counts_every_event_once(
    recordings: Path, table: Table, recording: str
) -> None:
    """Real browsers mirror every event: all of Glean's are known already."""
    rows = table("events", recordings / recording / "received.ndjson")
    assert {row["process"] for row in rows} == {"parent"}


def test_freshness_and_uptake_of_glean(folder: Path, table: Table) -> None:
    """The labeled quantity and the uptake event are what the scalar and the event were."""
    uptake = {
        "timestamp": 0,
        "category": "uptake.remotecontent.result",
        "name": "uptake_normandy",
        "extra": {"value": "success", "source": "normandy/runner"},
    }
    metrics = {"labeled_quantity": {"normandy.recipe_freshness": {"12": 3101}}}
    (folder / f"{GLEAN}.json").write_text(json.dumps(glean_ping(uptake, metrics=metrics)))
    assert [(row["key"], row["value"]) for row in table("scalars", folder)] == [("12", 3101)]
    assert [row["source"] for row in table("uptake", folder)] == ["normandy/runner"]


def test_pings_that_glean_has_not_sent(clean: Path, table: Table, recordings: Path) -> None:
    """A profile's pending Glean pings and its deletion request are read too."""
    before = {row["ping"] for row in table("pings", recordings / "firefox-115-clean" / "profile")}
    for kind, name in (("pending_pings", "baseline"), ("deletion_request", "deletion-request")):
        place = clean / "datareporting" / "glean" / kind
        place.mkdir()
        document = GLEAN.replace("a", str(len(name) % 10))
        path = f"/submit/firefox-desktop/{name}/1/{document}"
        (place / document).write_text(f"{path}\n{json.dumps(glean_ping())}\n{{}}")
    added = [row for row in table("pings", clean) if row["ping"] not in before]
    assert {row["document_type"] for row in added} == {"glean:baseline", "glean:deletion-request"}
