"""Events are put in the order in which they happened, and between times that hold the truth."""

from collections import defaultdict
from collections.abc import Callable
from itertools import accumulate, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.stores import Stores, tables_of
from auditor.stores.intake import Intake, Message
from auditor.stores.ping import Found, read_ping
from auditor.stores.ping_events import NORMANDY, take_events
from auditor.stores.tables import Ping

FOUND = Found("0", "source")

Rows = list[dict[str, Any]]
MINUTE = 60_000
HALF_MINUTE = 30_000
NOON = 1_795_521_600_000
SESSION = "5b1c0a52-39a4-4e2f-8f2c-0f3a0c2f9d11"

CLEAN = {
    "bug-1801001-pref-adaptive-history-autofill-release-115-115": ["enroll", "unenroll"],
    "bug-1801003-pref-study-endpoint-release-115-115": ["enroll", "expPrefChanged", "unenroll"],
    "bug-1802002-rollout-cache-policy-release-115-117": ["enroll", "graduate"],
    "bug-1803001-addon-feature-study-release-115-115": ["enroll", "update", "unenroll"],
}


@pytest.fixture(scope="module")
def events(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows]
) -> Callable[[str], Rows]:
    """Give the events of a recording, in their order."""

    def of(part: str) -> Rows:
        found = rows(read(recordings / part), "events")
        return sorted(found, key=lambda row: row["sequence"])

    return of


@pytest.mark.parametrize("part", ["profile", "received.ndjson"])
def test_order_across_sessions(events: Callable[[str], Rows], part: str) -> None:
    """Of every change of the clean recording, which has two sessions, the end comes last."""
    methods: defaultdict[str, list[str]] = defaultdict(list)
    for row in events(f"firefox-115-clean/{part}"):
        methods[row["slug"]].append(row["method"])
    assert methods == CLEAN


def test_start_of_a_process_lies(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows]
) -> None:
    """By the minute that it tells, the second session began before the first one's pings."""
    found = rows(read(recordings / "firefox-115-clean" / "profile"), "pings")
    pings = sorted((row for row in found if row["process_start"]), key=lambda row: row["created"])
    assert pings[0]["session_id"] != pings[-1]["session_id"]
    assert pings[-1]["process_start"] < pings[0]["created"]


@pytest.mark.parametrize(
    "recording", ["clean", "lifecycle", "failures", "upload-off", "upload-off-on", "uptake"]
)
def test_no_two_events_at_once(events: Callable[[str], Rows], recording: str) -> None:
    """No two events of a recording have the same place in the order."""
    order = [row["sequence"] for row in events(f"firefox-115-{recording}/profile")]
    assert [later for earlier, later in pairwise(order) if earlier == later] == []


@pytest.mark.parametrize(
    ("method", "kind", "begun", "ended"),
    [
        pytest.param("enroll", "preference_study", "05.546", "06.152", id="enrolling in studies"),
        pytest.param("enroll", "addon_study", "05.546", "06.152", id="enrolling in an add-on"),
        pytest.param("expPrefChanged", "preference_study", "09.885", "10.291", id="a change"),
        pytest.param("update", "addon_study", "10.291", "10.858", id="an update"),
        pytest.param("unenroll", "addon_study", "11.364", "12.191", id="removing an add-on"),
        pytest.param("graduate", "preference_rollout", "16.320", "19.954", id="a new session"),
    ],
)
def test_bounds_of_known_steps(
    events: Callable[[str], Rows], method: str, kind: str, begun: str, ended: str
) -> None:
    """What was done at a known time lies between the bounds (the recording's minute is 06:38)."""
    minute = 1_795_502_280_000
    begin, end = (minute + round(float(text) * 1000) for text in (begun, ended))
    bounds = [
        (row["earliest"], row["latest"])
        for row in events("firefox-115-clean/profile")
        if (row["method"], row["kind"]) == (method, kind)
    ]
    assert [(low, high) for low, high in bounds if not (low <= end and begin <= high)] == []
    assert bounds != []


def test_bounds_of_stored_starts(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows]
) -> None:
    """The start of an add-on study, which is stored to the millisecond, lies in its bounds."""
    stores = read(recordings / "firefox-115-lifecycle" / "profile")
    started = {row["slug"]: row["started"] for row in rows(stores, "records") if row["started"]}
    found = {
        row["slug"]: row["earliest"] <= started[row["slug"]] <= row["latest"]
        for row in rows(stores, "events")
        if (row["method"], row["kind"]) == ("enroll", "addon_study")
    }
    assert dict.fromkeys(started, True) == found


def _message(ping: Ping, *offsets: int | None) -> Message:
    """A message with events at these times."""
    message = Message(ping)
    events: list[object] = [
        [offset, NORMANDY, "enroll", "preference_study", "slug", {}] for offset in offsets
    ]
    take_events(message, "parent", events)
    known = [offset for offset in offsets if offset is not None]
    first, last = min(known, default=None), max(known, default=None)
    message.ping = ping._replace(first_offset=first, last_offset=last)
    return message


def _settled(messages: list[Message], table: str = "events") -> list[SimpleNamespace]:
    """What the timeline makes of messages."""
    rows = tables_of(Intake(messages=messages))[table].to_pylist()
    return [SimpleNamespace(**row) for row in rows]


def _session(start: int, gaps: list[int], flush_every: int) -> tuple[list[Message], dict[str, int]]:
    """A session with an event after each gap, flushed in pings; and the true times by place."""
    messages: list[Message] = []
    truth: dict[str, int] = {}
    offsets = [*accumulate(gaps)]
    rounded = (start + HALF_MINUTE) // MINUTE * MINUTE
    for first in range(0, len(offsets), flush_every):
        own, name = offsets[first : first + flush_every], f"ping {first // flush_every}"
        ping = Ping(name, name, None, "", "event", session_id=SESSION, process_start=rounded)
        messages.append(_message(ping._replace(created=start + own[-1]), *own))
        truth |= {f"{name}#{place}": start + offset for place, offset in enumerate(own)}
    return messages, truth


@settings(max_examples=30, deadline=None)
@given(
    start=st.integers(NOON, NOON + MINUTE),
    gaps=st.lists(st.integers(1, 5 * MINUTE), min_size=1, max_size=12),
    flush_every=st.integers(1, 4),
)
def test_bounds_hold_the_truth(start: int, gaps: list[int], flush_every: int) -> None:
    """Whenever a session starts and whenever its pings go out, every event is in its bounds."""
    messages, truth = _session(start, gaps, flush_every)
    wrong = [
        event
        for event in _settled(messages)
        if not (event.earliest or 0)
        <= truth[f"{event.ping}#{event.position}"]
        <= (event.latest or 0)
    ]
    assert wrong == []


@settings(max_examples=30, deadline=None)
@given(
    start=st.integers(NOON, NOON + MINUTE),
    gaps=st.lists(st.integers(1, 5 * MINUTE), min_size=2, max_size=12),
    flush_every=st.integers(1, 4),
)
def test_order_is_the_truth(start: int, gaps: list[int], flush_every: int) -> None:
    """The order of a session's events is that of their true times."""
    messages, truth = _session(start, gaps, flush_every)
    found = sorted(_settled(messages), key=lambda event: event.sequence or 0)
    assert sorted(truth.values()) == [truth[f"{row.ping}#{row.position}"] for row in found]


times = st.one_of(st.none(), st.integers(0, (1 << 45) - 1))
offsets = st.one_of(st.none(), st.integers(-(1 << 44) + 1, (1 << 44) - 1))


@settings(max_examples=40, deadline=None)
@given(
    pings=st.lists(st.tuples(times, times, st.lists(offsets, max_size=3)), max_size=5),
    session=st.sampled_from([None, SESSION]),
)
def test_bounds_of_lies(
    pings: list[tuple[int | None, int | None, list[int | None]]], session: str | None
) -> None:
    """Whatever the clocks tell, the earliest is not after the latest, and a column can hold all."""
    messages = [
        _message(
            Ping(
                str(n),
                str(n),
                None,
                "",
                "event",
                session_id=session,
                created=created,
                process_start=start,
            ),
            *own,
        )
        for n, (created, start, own) in enumerate(pings)
    ]
    found = _settled(messages)
    numbers = [(row.earliest or row.latest or 0, row.latest or 0) for row in found]
    assert [bounds for bounds in numbers if bounds[0] > bounds[1]] == []
    assert max([abs(row.sequence or 0) for row in found], default=0) < 1 << 63


def test_annotation_after_events(event_ping: Callable[..., object]) -> None:
    """An annotation comes after the events that were in its ping: it tells how they ended."""
    event = [1000, "normandy", "enroll", "preference_study", "slug", {}]
    ping = event_ping(event, environment={"experiments": {"slug": {"branch": "a"}}})
    message = read_ping(ping, FOUND)
    last = [event.sequence for event in _settled([message])][-1]
    assert [row.sequence > last for row in _settled([message], "annotations")] == [True]


def test_event_without_session() -> None:
    """Where no session is told, events have bounds and no order."""
    ping = Ping("p", "p", None, "", "event", process_start=NOON, created=NOON + MINUTE)
    message = _message(ping, 1000)
    assert [(row.sequence, row.earliest, row.latest) for row in _settled([message])] == [
        (None, NOON + 1000 - HALF_MINUTE, NOON + MINUTE)
    ]


def test_event_without_offset() -> None:
    """An event of which no time is told happened before its ping was made."""
    message = _message(Ping("p", "p", None, "", "event", created=NOON), None)
    assert [(row.sequence, row.earliest, row.latest) for row in _settled([message])] == [
        (None, None, NOON)
    ]


def test_a_computer_that_slept() -> None:
    """A sleep stops the count of a session's time; what was recorded after it is not put before."""
    hour = 60 * MINUTE
    ping = Ping("0", "0", None, "", "event", session_id=SESSION, process_start=NOON)
    before = _message(ping._replace(created=NOON + MINUTE), 1000)
    after = _message(
        ping._replace(message="1", ping="1", created=NOON + 9 * hour), 2 * MINUTE, 3 * MINUTE
    )
    found = {(row.ping, row.position): row for row in _settled([before, after])}
    assert found["1", 0].earliest >= NOON + MINUTE
    assert found["1", 1].latest == NOON + 9 * hour
