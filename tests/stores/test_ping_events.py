"""Events are read in every form that a ping may give them, and broken ones are named."""

from collections.abc import Callable

import pytest

from auditor.history import FILLER
from auditor.stores import intake
from auditor.stores.apart import Listed
from auditor.stores.intake import Message
from auditor.stores.own.messages import Kept, as_kept
from auditor.stores.packed import UnreadableError
from auditor.stores.tables import Event, Ping

ID = "271df616-30dc-49ed-b8b0-2505b95bf5de"
ENROLL = [1, "normandy", "enroll", "preference_study", "slug"]


def rows(message: Message) -> Kept:
    """What is in a message."""
    (kept,) = as_kept([message])
    return kept


@pytest.fixture(scope="session")
def event(message: Callable[..., Message]) -> Callable[[dict[str, object]], Event]:
    """Read an enrollment with these extras."""

    def read(extra: dict[str, object]) -> Event:
        return rows(message([*ENROLL, extra])).events[0]

    return read


@pytest.mark.parametrize(
    ("rest", "value", "keys"),
    [
        pytest.param([], None, [], id="of four elements"),
        pytest.param(["slug"], "slug", [], id="of five elements"),
        pytest.param(["slug", {"reason": "r"}], "slug", ["reason"], id="of six elements"),
        pytest.param([None, {"reason": "r"}], None, ["reason"], id="without a value"),
        pytest.param(["slug", None], "slug", [], id="with null for its extras"),
        pytest.param([7, None], "7", [], id="with a number for its value"),
    ],
)
def test_event(
    message: Callable[..., Message], rest: list[object], value: str | None, keys: list[str]
) -> None:
    """An event has four to six elements, the last two perhaps null."""
    found = rows(message([*ENROLL[:4], *rest])).events[0]
    assert (value, keys) == (found.value, found.keys)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        pytest.param("text", "text", id="a text"),
        pytest.param(None, "", id="null"),
        pytest.param(True, "true", id="a truth"),
        pytest.param(7, "7", id="a number"),
        pytest.param(0.5, "0.5", id="a fraction"),
        pytest.param(float("nan"), "NaN", id="no number"),
        pytest.param({"a": ["ž"]}, '{"a": ["\\u017e"]}', id="an object"),
        pytest.param("a\ud800", "a\ufffd", id="half a surrogate pair"),
        pytest.param("\ud83e\udd8a", "🦊", id="both halves of a pair"),
    ],
)
def test_extra(event: Callable[..., Event], written: object, text: str) -> None:
    """An extra that is no text is kept as its JSON, so that nothing hides in it."""
    assert [("reason", text)] == [
        (extra.key, extra.value) for extra in event({"reason": written}).extras
    ]


@pytest.mark.parametrize(
    ("written", "enrollment", "filler"),
    [
        pytest.param(ID, ID, False, id="an ID"),
        pytest.param(ID.upper(), ID.upper(), False, id="an ID in capitals, as it stands"),
        pytest.param(FILLER, None, True, id="the filler"),
        pytest.param(None, None, False, id="null"),
        pytest.param(7, "7", False, id="a number"),
    ],
)
def test_enrollment(
    event: Callable[..., Event],
    written: object,
    enrollment: str | None,
    filler: bool,  # noqa: FBT001 - a case, not a flag
) -> None:
    """An enrollment ID is kept as it stands, and the filler is no ID."""
    found = event({"enrollmentId": written})
    assert (enrollment, filler) == (found.enrollment_id, found.filler)


def test_longest_extra(event: Callable[..., Event]) -> None:
    """The length of an extra is its bytes, not its characters."""
    assert event({"reason": "é" * 40, "branch": "a" * 79}).longest_extra == 80


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        pytest.param(0, 0, id="zero"),
        pytest.param(-5, -5, id="below zero"),
        pytest.param(1 << 43, 1 << 43, id="three hundred years"),
        pytest.param(1 << 44, None, id="five hundred years"),
        pytest.param(-(1 << 61), None, id="far below zero"),
        pytest.param(10**4000, None, id="a number of 4000 digits"),
        pytest.param(True, None, id="a truth"),
        pytest.param(0.5, None, id="a fraction"),
        pytest.param(float("nan"), None, id="no number"),
        pytest.param("7", None, id="a text"),
        pytest.param(None, None, id="null"),
    ],
)
def test_offset(message: Callable[..., Message], written: object, offset: int | None) -> None:
    """An offset that no session can reach is none, and its event is kept."""
    found = rows(message([written, *ENROLL[1:]]))
    assert [offset] == [timed.offset for timed in found.events]


NO_LIST = "has an event that is not a list of 4 to 6 values (#0)"
WRONG = "has an event whose parts have the wrong types (#0)"


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        pytest.param({"a": 1}, NO_LIST, id="an object"),
        pytest.param("normandy", NO_LIST, id="a text"),
        pytest.param(None, NO_LIST, id="null"),
        pytest.param([1, "normandy", "enroll"], NO_LIST, id="three elements"),
        pytest.param([*ENROLL, {}, {}], NO_LIST, id="seven elements"),
        pytest.param([1, "normandy", 7, "x"], WRONG, id="a method that is a number"),
        pytest.param([1, "normandy", "enroll", None], WRONG, id="no object"),
        pytest.param([*ENROLL, ["x"]], WRONG, id="extras that are a list"),
        pytest.param([*ENROLL, "x"], WRONG, id="extras that are a text"),
    ],
)
def test_broken_event(message: Callable[..., Message], broken: object, fault: str) -> None:
    """An event that is none is named by its place, and those after it are read."""
    found = message(broken, ENROLL)
    assert ([fault], [1]) == (found.faults, [timed.position for timed in rows(found).events])


def test_events_that_are_no_list(message: Callable[..., Message]) -> None:
    """What stands in the place of a process's events is named, and the others are read."""
    found = message(payload={"events": {"content": {"a": 1}, "parent": [ENROLL], "gpu": None}})
    processes = {part.process for part in rows(found).events}
    assert ([NO_LIST], {"parent"}) == (found.faults, processes)


@pytest.mark.parametrize(
    "category",
    [
        pytest.param("navigation", id="of another category"),
        pytest.param(7, id="whose category is a number"),
        pytest.param(["normandy"], id="whose category is a list"),
    ],
)
def test_other_events(message: Callable[..., Message], category: object) -> None:
    """An event that is not Normandy's is passed over, whatever is in it."""
    found = message([1, category, 7, None, 7, 7])
    assert (rows(found).events, found.faults) == ([], [])


def test_events_of_old_main_pings(message: Callable[..., Message]) -> None:
    """Before event pings there were, events stood in main pings, inside the processes."""
    processes = {"parent": {"events": [ENROLL]}, "content": {"events": [ENROLL, ENROLL]}}
    found = message(type="main", payload={"processes": processes, "info": {"sessionId": "s"}})
    places = {(part.process, part.position) for part in rows(found).events}
    assert places == {("parent", 0), ("content", 0), ("content", 1)}


def test_uptake(message: Callable[..., Message]) -> None:
    """An uptake report of Normandy is read, and that of another component is not."""
    extra = {"source": "normandy/recipe/1", "age": "7"}
    own = [1, "uptake.remotecontent.result", "uptake", "normandy", "success", extra]
    other = [1, "uptake.remotecontent.result", "uptake", "remotesettings", "success", extra]
    assert [(row.source, row.status, row.keys) for row in rows(message(own, other)).uptake] == [
        ("normandy/recipe/1", "success", ["age"])
    ]


def test_too_many_broken_events(message: Callable[..., Message]) -> None:
    """A ping full of what is no event is given up, and its faults are not all kept."""
    with pytest.raises(UnreadableError, match=r"^has over 1,000 events that are none$"):
        message(*([7] * 1_001))


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_messages_that_are_packed_together(
    message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """However many are packed at once, each event stays with its ping, and none is lost."""
    monkeypatch.setattr(intake, "AT_ONCE", at_once)
    into = intake.Intake()
    for number in range(5):
        listed = message(*[ENROLL] * number).listed
        key = into.key(0)
        into.take(0, Message(Ping(key, key, None, "", "event"), number, keyed(listed, key)))
    into.pack()
    found = [row for tables in into.tables for row in tables["events"]["message"].to_pylist()]
    assert [f"0000:{n:09}" for n in range(5) for _ in range(n)] == found


def keyed(listed: list[Listed], key: str) -> list[Listed]:
    """The same, of another message."""
    return [part._replace(message=key) for part in listed]
