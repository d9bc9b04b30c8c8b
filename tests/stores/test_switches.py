"""When upload went off and on, and whose, is found in whatever shows it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.stores.plain import CANARY

Rows = list[dict[str, Any]]
Build = Callable[..., dict[str, Any]]
Told = list[tuple[str, str, str | None]]

OLD = "e02e6401-eaf6-4c88-ba86-a4c7d42128ec"
NEW = "6903c73a-9327-4fb1-974e-e2be99318484"
OFF_AND_ON = "c903ee05-0b20-432d-b2eb-b50893cdf177"
OFF = "eb89c1c3-715b-40e5-a284-1151064e5034"


@pytest.fixture
def told(
    event_ping: Build,
    line: Callable[..., bytes],
    received: Callable[..., Path],
    table: Callable[..., Rows],
) -> Callable[..., Rows]:
    """Give the rows of a base table for a life of client ids, one ping a minute."""

    def of(name: str, *lives: tuple[str, str | None]) -> Rows:
        pings = (
            event_ping(
                type=document_type,
                id=f"00000000-0000-4000-8000-{number:012}",
                clientId=client,
                creationDate=f"2026-11-24T06:{number:02}:00.000Z",
            )
            for number, (document_type, client) in enumerate(lives)
        )
        return table(name, received(*(line(ping) for ping in pings)))

    return of


def _shown(switches: Rows) -> Told:
    return [(row["upload"], row["shown_by"], row["client_id"]) for row in switches]


@pytest.mark.parametrize("part", ["profile", "received.ndjson"])
@pytest.mark.parametrize(
    ("recording", "switches"),
    [
        pytest.param("clean", [], id="upload that was always on"),
        pytest.param("lifecycle", [], id="three sessions with upload on"),
        pytest.param("upload-off", [("off", "deletion request", OFF)], id="upload turned off"),
        pytest.param(
            "upload-off-on",
            [("off", "deletion request", OFF_AND_ON), ("on", "new client id", NEW)],
            id="upload turned off and on",
        ),
    ],
)
def test_recordings(
    recordings: Path, table: Callable[..., Rows], recording: str, switches: Told, part: str
) -> None:
    """A recorded profile and what was received of it tell the same switches."""
    assert switches == _shown(table("switches", recordings / f"firefox-115-{recording}" / part))


@pytest.mark.parametrize(
    ("recording", "upload", "window"),
    [
        pytest.param("upload-off", "off", (1_795_502_358_372, 1_795_502_358_503), id="off"),
        pytest.param("upload-off-on", "off", (1_795_502_385_850, 1_795_502_386_000), id="then on"),
        pytest.param("upload-off-on", "on", (1_795_502_393_724, 1_795_502_398_300), id="on"),
    ],
)
def test_moments_of_recordings(
    recordings: Path,
    table: Callable[..., Rows],
    recording: str,
    upload: str,
    window: tuple[int, int],
) -> None:
    """A switch is as late as what shows it, and no earlier than it was."""
    switches = table("switches", recordings / f"firefox-115-{recording}" / "profile")
    moments = [row["moment"] for row in switches if row["upload"] == upload]
    assert [window[0] <= moment <= window[1] for moment in moments] == [True]


def test_profile_without_its_deletion_request(
    copied: Callable[[str], Path], table: Callable[..., Rows]
) -> None:
    """Where the deletion request is gone, the pings after it show by their client id."""
    profile = copied("firefox-115-upload-off/profile")
    for ping in profile.rglob("*.deletion-request.jsonlz4"):
        ping.unlink()
    assert _shown(table("switches", profile)) == [("off", "canary client id", OFF)]


@pytest.mark.parametrize(
    ("lives", "switches"),
    [
        pytest.param([("event", OLD), ("event", OLD)], [], id="one client id"),
        pytest.param([("event", OLD), ("event", None)], [], id="a ping without a client id"),
        pytest.param(
            [("event", OLD), ("event", CANARY)],
            [("off", "canary client id", OLD)],
            id="the canary, and no deletion request",
        ),
        pytest.param(
            [("event", CANARY), ("event", CANARY)],
            [("off", "canary client id", None)],
            id="the canary from the first",
        ),
        pytest.param(
            [("event", OLD), ("event", NEW)],
            [("off", "new client id", OLD), ("on", "new client id", NEW)],
            id="a new client id, and neither canary nor deletion request",
        ),
        pytest.param(
            [("event", OLD), ("deletion-request", OLD), ("event", CANARY), ("event", NEW)],
            [("off", "deletion request", OLD), ("on", "new client id", NEW)],
            id="all there is",
        ),
        pytest.param(
            [("event", OLD), ("deletion-request", OLD), ("event", OLD)],
            [("off", "deletion request", OLD)],
            id="a late ping of the old client id",
        ),
        pytest.param(
            [("event", OLD), ("event", CANARY), ("event", NEW), ("event", CANARY)],
            [
                ("off", "canary client id", OLD),
                ("on", "new client id", NEW),
                ("off", "canary client id", NEW),
            ],
            id="off, on and off",
        ),
    ],
)
def test_lives(
    told: Callable[..., Rows], lives: list[tuple[str, str | None]], switches: Told
) -> None:
    """The pings of one session tell when upload went off and on."""
    assert switches == _shown(told("switches", *lives))


def test_moment_of_a_canary(told: Callable[..., Rows]) -> None:
    """Upload was off between the last ping with a client id and the first without."""
    switches = told("switches", ("event", OLD), ("event", OLD), ("event", CANARY))
    bounds = [(row["moment"], row["latest"]) for row in switches]
    assert bounds == [(1_795_500_060_001, 1_795_500_120_000)]


def test_moment_that_nothing_tells(told: Callable[..., Rows]) -> None:
    """Where upload was off from the first, nothing tells since when."""
    assert [row["moment"] for row in told("switches", ("event", CANARY))] == [None]


def test_persons_by_session(told: Callable[..., Rows]) -> None:
    """Pings of one session are one person's, whatever their client ids."""
    pings = told("pings", ("event", OLD), ("event", CANARY), ("event", NEW))
    assert len({row["person"] for row in pings}) == 1


@pytest.fixture
def pings(
    event_ping: Build,
    line: Callable[..., bytes],
    received: Callable[..., Path],
    table: Callable[..., Rows],
) -> Callable[..., set[frozenset[int]]]:
    """Give the numbers of pings, by client and session, that are one person's."""

    def persons(*marks: tuple[str | None, str | None]) -> set[frozenset[int]]:
        lines = (
            line(
                event_ping(
                    id=f"00000000-0000-4000-8000-{number:012}",
                    clientId=client,
                    payload={"sessionId": session},
                )
            )
            for number, (client, session) in enumerate(marks)
        )
        found: dict[str, set[int]] = {}
        for row in table("pings", received(*lines)):
            found.setdefault(row["person"], set()).add(int(row["ping"][-12:]))
        return {frozenset(numbers) for numbers in found.values()}

    return persons


@pytest.mark.parametrize(
    ("marks", "persons"),
    [
        pytest.param([(OLD, "s"), (OLD, "t")], {frozenset({0, 1})}, id="a client"),
        pytest.param([(OLD, "s"), (NEW, "s")], {frozenset({0, 1})}, id="a session"),
        pytest.param(
            [(OLD, "s"), (NEW, "t"), (OLD, "t")], {frozenset({0, 1, 2})}, id="both, by a third"
        ),
        pytest.param([(OLD, "s"), (NEW, "t")], {frozenset({0}), frozenset({1})}, id="neither"),
        pytest.param(
            [(None, None), (None, None)], {frozenset({0}), frozenset({1})}, id="nothing at all"
        ),
        pytest.param(
            [(CANARY, "s"), (CANARY, "t")], {frozenset({0}), frozenset({1})}, id="the canary"
        ),
    ],
)
def test_persons(
    pings: Callable[..., set[frozenset[int]]],
    marks: list[tuple[str | None, str | None]],
    persons: set[frozenset[int]],
) -> None:
    """Pings are one person's by what ties them, and by nothing else."""
    assert persons == pings(*marks)


def test_person_of_a_profile(profile: Path, event_ping: Build, table: Callable[..., Rows]) -> None:
    """All pings in one profile are one person's."""
    for number, client in enumerate([OLD, NEW]):
        name = f"00000000-0000-4000-8000-{number:012}"
        ping = event_ping(id=name, clientId=client, payload={"sessionId": client})
        (profile / "saved-telemetry-pings" / name).write_text(json.dumps(ping))
    assert len({row["person"] for row in table("pings", profile)}) == 1


@pytest.mark.parametrize(
    "recording", ["clean", "lifecycle", "failures", "upload-off", "upload-off-on", "uptake"]
)
def test_person_of_a_recording(
    recordings: Path, table: Callable[..., Rows], recording: str
) -> None:
    """A profile and the received pings with its client ids or sessions are one person's."""
    root = recordings / f"firefox-115-{recording}"
    found = table("pings", root / "profile", root / "received.ndjson")
    legacy = {row["person"] for row in found if not row["document_type"].startswith("glean:")}
    assert len(legacy) == 1


def test_persons_of_two_recordings(recordings: Path, table: Callable[..., Rows]) -> None:
    """Two profiles are two persons'."""
    stores = [recordings / f"firefox-115-{name}" / "profile" for name in ("clean", "lifecycle")]
    assert len({row["person"] for row in table("pings", *stores)}) == len(stores)


def test_person_of_snapshots(recordings: Path, table: Callable[..., Rows]) -> None:
    """Snapshots of a profile, the canary in each, are the profile's own person's."""
    root = recordings / "firefox-115-upload-off"
    stores = [root / "profile", *(root / "snapshots").iterdir()]
    assert len({row["person"] for row in table("records", *stores)}) == 1


def optout(event_ping: Build, minute: int) -> dict[str, Any]:
    """The ping that versions 63 to 71 sent as upload was turned off: it names nobody."""
    ping = event_ping(
        type="optout",
        id=f"00000000-0000-4000-8000-{minute:012}",
        creationDate=f"2019-11-24T06:{minute:02}:00.000Z",
        payload={},
    )
    del ping["clientId"]
    return ping


@pytest.fixture
def opted_out(profile: Path, event_ping: Build) -> Path:
    """A profile of which upload was turned off and on again, in a version that sent `optout`."""
    lives = [OLD, None, CANARY, NEW]
    for minute, client in enumerate(lives):
        name = f"00000000-0000-4000-8000-{minute:012}"
        at = f"2019-11-24T06:{minute:02}:00.000Z"
        own = event_ping(id=name, clientId=client, creationDate=at)
        ping = optout(event_ping, minute) if client is None else own
        (profile / "saved-telemetry-pings" / name).write_text(json.dumps(ping))
    return profile


def test_an_optout_ping_in_a_profile(opted_out: Path, table: Callable[..., Rows]) -> None:
    """It tells when upload was turned off, of the person whose profile it lies in."""
    switches = table("switches", opted_out)
    assert _shown(switches) == [("off", "optout ping", OLD), ("on", "new client id", NEW)]
    assert [(row["moment"], row["received"]) for row in switches[:1]] == [(1_574_575_260_000, None)]


def test_an_optout_ping_of_nobody(
    event_ping: Build,
    line: Callable[..., bytes],
    received: Callable[..., Path],
    table: Callable[..., Rows],
) -> None:
    """As it was received it names nobody, and so is no one's opt-out."""
    path = received(line(event_ping(clientId=OLD)), line(optout(event_ping, 30)))
    assert table("switches", path) == []
    assert sorted(row["client_id"] or "" for row in table("pings", path)) == ["", OLD]


def test_an_optout_ping_of_a_profile_that_was_received_too(
    opted_out: Path,
    event_ping: Build,
    line: Callable[..., bytes],
    received: Callable[..., Path],
    table: Callable[..., Rows],
) -> None:
    """A copy of it in a profile tells whose it is, and it is one opt-out."""
    copy = line(optout(event_ping, 1), submission_timestamp="2019-11-24T06:01:05.000Z")
    switches = table("switches", received(copy), opted_out)
    assert _shown(switches) == [("off", "optout ping", OLD), ("on", "new client id", NEW)]
