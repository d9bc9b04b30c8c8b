"""Pings are read in every form in which browsers of any age write them."""

from collections.abc import Callable
from typing import Any

import pytest

from auditor.stores.intake import Message
from auditor.stores.packed import UnreadableError
from auditor.stores.ping import Found, read_ping
from auditor.stores.plain import CANARY, clean, epoch_ms, slug_of, warehouse_ms

PING = "ed1d48a6-777c-421f-9ec6-a34e69957908"
CLIENT = "e02e6401-eaf6-4c88-ba86-a4c7d42128ec"
NOON = 1_795_502_400_000
ID = "271df616-30dc-49ed-b8b0-2505b95bf5de"

Build = Callable[..., dict[str, Any]]
FOUND = Found("0", "source")


@pytest.mark.parametrize(
    ("written", "client", "off"),
    [
        pytest.param(CLIENT, CLIENT, False, id="a plain id"),
        pytest.param(f"{{{CLIENT}}}", CLIENT, False, id="an id in braces"),
        pytest.param(CLIENT.upper(), CLIENT, False, id="an id in capitals"),
        pytest.param(None, None, False, id="no id"),
        pytest.param(7, None, False, id="a number"),
        pytest.param("", None, False, id="nothing"),
        pytest.param(CANARY, None, True, id="the canary"),
        pytest.param(f"{{{CANARY.upper()}}}", None, True, id="the canary in braces and capitals"),
    ],
)
def test_client(
    message: Callable[..., Message],
    written: object,
    client: str | None,
    off: bool,  # noqa: FBT001 - a case, not a flag
) -> None:
    """A client id has one form, and the canary is nobody's."""
    ping = message(clientId=written).ping
    assert (client, off) == (ping.client_id, ping.upload_off)


def test_without_client(event_ping: Build) -> None:
    """An event ping need not have a client id."""
    ping = event_ping()
    del ping["clientId"]
    assert read_ping(ping, FOUND).ping.client_id is None


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(PING, id="plain"),
        pytest.param(PING.upper(), id="in capitals"),
        pytest.param(f"{{{PING}}}", id="in braces"),
    ],
)
def test_document(message: Callable[..., Message], written: str) -> None:
    """A document id has one form, by which copies of a ping are known."""
    assert message(id=written).ping.ping == PING


NO_PING = "is not a ping (no document id or no type)"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param([], "is not a JSON object", id="a list"),
        pytest.param(None, "is not a JSON object", id="null"),
        pytest.param({}, NO_PING, id="an empty object"),
        pytest.param({"id": PING}, NO_PING, id="no type"),
        pytest.param({"id": PING, "type": 7}, NO_PING, id="a type that is a number"),
        pytest.param({"id": "S3CRET", "type": "event"}, NO_PING, id="an id of another form"),
        pytest.param({"id": 7, "type": "event"}, NO_PING, id="an id that is a number"),
        pytest.param(
            {"id": PING, "type": "event", "payload": []},
            "has a payload that is not an object",
            id="a payload that is a list",
        ),
    ],
)
def test_no_ping(body: object, reason: str) -> None:
    """What is no ping is refused, and the reason shows nothing of it."""
    with pytest.raises(UnreadableError) as refused:
        read_ping(body, FOUND)
    assert reason == str(refused.value)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"environment": [], "application": 7}, id="an environment that is a list"),
        pytest.param({"environment": {"experiments": []}}, id="experiments that are a list"),
        pytest.param({"creationDate": 7, "profileGroupId": {}}, id="a date that is a number"),
        pytest.param({"creationDate": "yesterday"}, id="a date that is none"),
        pytest.param({"payload": {"events": {}, "info": []}}, id="infos that are a list"),
        pytest.param({"payload": {"processes": {"parent": 7}}}, id="a process that is a number"),
        pytest.param(
            {"payload": {"processes": {"parent": {"keyedScalars": {"normandy.x": 7}}}}},
            id="scalars that are a number",
        ),
    ],
)
def test_odd_envelope(message: Callable[..., Message], fields: dict[str, object]) -> None:
    """A ping with parts of the wrong types is a ping without these parts."""
    assert message(**fields).ping.ping == PING


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        pytest.param("normandy-exp", "preference_study", id="a study"),
        pytest.param("normandy-exp-highpop", "preference_study", id="a study of many"),
        pytest.param("normandy-prefrollout", "preference_rollout", id="a rollout"),
        pytest.param("normandy-addonrollou", "addon_rollout", id="a type cut short"),
        pytest.param("else", None, id="another type"),
        pytest.param(7, None, id="a type that is a number"),
        pytest.param(None, None, id="no type"),
    ],
)
def test_annotation(message: Callable[..., Message], written: object, kind: str | None) -> None:
    """An annotation's type tells the kind of the change."""
    entry = {"branch": "b", "type": written, "enrollmentId": ID}
    found = message(environment={"experiments": {"slug": entry}}).annotations
    assert [("slug", kind, "b", ID)] == [
        (row.slug, row.kind, row.branch, row.enrollment_id) for row in found
    ]


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(None, id="null"),
        pytest.param("control", id="a text"),
        pytest.param({"branch": 7, "enrollmentId": None}, id="numbers and null"),
    ],
)
def test_odd_annotation(message: Callable[..., Message], entry: object) -> None:
    """An annotation that says nothing is an annotation all the same."""
    found = message(environment={"experiments": {"slug": entry}}).annotations
    assert [(row.slug, row.branch, row.enrollment_id) for row in found] == [("slug", None, None)]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("1970-01-01T00:00:00.001Z", 1, id="milliseconds"),
        pytest.param("1970-01-01T01:00:00+01:00", 0, id="another zone"),
        pytest.param("1970-01-01T00:00:01", 1000, id="no zone, as UTC"),
        pytest.param("1969-12-31T23:59:59Z", None, id="before all clocks"),
        pytest.param("9999-12-31T23:59:59.999999Z", None, id="after all clocks"),
        pytest.param("0001-01-01T00:00:00+23:59", None, id="before all years"),
        pytest.param("noon", None, id="no date"),
        pytest.param(7, None, id="a number"),
    ],
)
def test_moment(text: object, moment: int | None) -> None:
    """A date is milliseconds since 1970, or nothing."""
    assert moment == epoch_ms(text)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        *(("2026-11-24T06:40:00.000Z", NOON), ("2026-11-24 06:40:00.000000 UTC", NOON)),
        *((NOON // 1000, NOON), (NOON, NOON), (NOON * 1000, NOON), (NOON * 1_000_000, NOON)),
        *(
            (str(NOON // 1000), NOON),
            (str(NOON * 1_000_000), NOON),
            (NOON / 1000 + 0.5, NOON + 500),
        ),
        *((7, None), (NOON // 10, None), (-NOON, None), ("noon UTC", None), ("", None)),
        *((True, None), (None, None), ([], None), (float("nan"), None), ("1e12", None)),
    ],
)
def test_moment_of_a_warehouse(written: object, moment: int | None) -> None:
    """A time of a warehouse is text, or a number whose size tells its unit, or nothing."""
    assert moment == warehouse_ms(written)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("a" * 81, "a" * 80, id="of Latin letters"),
        pytest.param("é" * 41, "é" * 40, id="of letters of two bytes"),
        pytest.param("a" + "🦊" * 20, "a" + "🦊" * 19, id="at a whole character"),
        pytest.param("", "", id="empty"),
        pytest.param(None, None, id="missing"),
    ],
)
def test_slug(text: str | None, name: str | None) -> None:
    """A slug is cut where Telemetry cuts it."""
    assert name == slug_of(text)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        pytest.param("\udd8a\ud83e", "\ufffd\ufffd", id="two halves in the wrong order"),
        pytest.param("\ud800a", "\ufffda", id="half a pair before a letter"),
        pytest.param("\ufeffa", "\ufeffa", id="a byte order mark"),
    ],
)
def test_clean(text: str, whole: str) -> None:
    """Half a surrogate pair becomes the sign for what is missing, and the rest stays."""
    assert whole == clean(text)
