"""One of Firefox's own pings as a message: its envelope, Normandy's events, annotations and uptake.

Formats: toolkit/components/telemetry/docs (common-ping, event-ping, main-ping).
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from auditor.history import FILLER
from auditor.stores.files import UnreadableError
from auditor.stores.intake import Message
from auditor.stores.tables import Annotation, Event, Pair, Ping, Scalar, Uptake

CANARY = "c0ffeec0-ffee-c0ff-eec0-ffeec0ffeec0"
"""The client id while upload is off (`TelemetryUtils.knownClientID`): nobody's."""

SLUG_BYTES = 80
"""Telemetry cuts an event's value here (`kMaxValueByteLength`); annotations and records are cut
to match, so that one change has one name."""

UPTAKE = "uptake.remotecontent.result"

LATEST = 1 << 45
"""No clock is later (in the year 3084), so that no sum of times leaves what a column can hold."""

_LONGEST = 1 << 44
"""No session is longer, in milliseconds."""

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KINDS = {"preference_rollback": "preference_rollout", "addon_rollback": "addon_rollout"}
_ANNOTATED = {
    "normandy-exp": "preference_study",
    "normandy-prefrollout": "preference_rollout",
    "normandy-addonstudy": "addon_study",
    "normandy-addonrollou": "addon_rollout",
    "nimbus": "nimbus_experiment",
}


class Place(NamedTuple):
    """Where an event stands: the message, the process, and its index in the process's list."""

    message: str
    process: str
    position: int


class Found(NamedTuple):
    """Where a message was found: its key, its source, its profile and its time of receipt."""

    key: str
    source: str
    profile: str | None = None
    received: int | None = None


def read_ping(body: object, found: Found) -> Message:
    """A legacy ping's JSON as a message. Raises UnreadableError when it is no ping."""
    ping = object_of(body, "is not a JSON object")
    payload = object_of(ping.get("payload", {}), "has a payload that is not an object")
    entries = list(_entries(payload))
    message = Message(_bounded(_envelope(ping, payload, found), entries))
    for process, position, entry in entries:
        _take_event(message, process, position, entry)
    environment = mapping_of(ping.get("environment"))
    for slug, entry in mapping_of(environment.get("experiments")).items():
        message.annotations.append(annotation_of(found.key, slug, mapping_of(entry)))
    message.scalars.extend(_scalars(found.key, payload))
    return message


def client_of(value: object) -> tuple[str | None, bool]:
    """A client id in its plain form, or None and True for the canary."""
    text = (text_of(value) or "").strip("{}").lower()
    return (None, True) if text == CANARY else (text or None, False)


def enrollment_of(value: object) -> tuple[str | None, bool]:
    """An enrollment ID as it was recorded, or None and True for the filler."""
    text = as_text(value)
    return (None, True) if text == FILLER else (text, False)


def slug_of(text: str | None) -> str | None:
    """The name of a change, cut as Telemetry cuts an event's value: at a whole character."""
    return text and text.encode()[:SLUG_BYTES].decode(errors="ignore")


def epoch_ms(text: object) -> int | None:
    """An ISO 8601 time in milliseconds since 1970 UTC, or None where there is none to read."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return within(round(moment.timestamp() * 1000), 0, LATEST)


def within(number: int | None, low: int, high: int) -> int | None:
    """The number, if it is at least `low` and below `high`."""
    return number if number is not None and low <= number < high else None


def major(version: str | None) -> int | None:
    """The major version of `115.14.0`."""
    found = re.match(r"\d{1,6}", version or "")
    return int(found[0]) if found else None


def clean(text: str) -> str:
    """The text with half surrogate pairs (which no UTF-8 can hold) as U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _envelope(ping: dict[str, Any], payload: dict[str, Any], found: Found) -> Ping:
    document = (text_of(ping.get("id")) or "").strip("{}")
    if not UUID.fullmatch(document) or not isinstance(ping.get("type"), str):
        message = "is not a ping (no document id or no type)"
        raise UnreadableError(message)
    application, info = mapping_of(ping.get("application")), mapping_of(payload.get("info"))
    client, off = client_of(ping.get("clientId"))
    version = text_of(application.get("version"))
    return Ping(
        message=found.key,
        ping=document.lower(),
        profile=found.profile,
        source=found.source,
        document_type=clean(str(ping["type"])),
        client_id=client,
        upload_off=off,
        profile_group_id=text_of(ping.get("profileGroupId")),
        session_id=text_of(payload.get("sessionId")) or text_of(info.get("sessionId")),
        created=epoch_ms(ping.get("creationDate")),
        received=found.received,
        process_start=within(number_of(payload.get("processStartTimestamp")), 0, LATEST),
        version=version,
        major=major(version),
        channel=text_of(application.get("channel")),
    )


def _entries(payload: dict[str, Any]) -> Iterator[tuple[str, int, object]]:
    """Every event of a ping: in event pings by process, in old main pings inside the processes.

    What stands in the place of a process's events, and is no list of them, is given as an event.
    """
    places = dict(mapping_of(payload.get("events")))
    for process, part in mapping_of(payload.get("processes")).items():
        places.setdefault(process, mapping_of(part).get("events"))
    for process, events in places.items():
        listed = events if isinstance(events, list) else [] if events is None else [events]
        for position, entry in enumerate(listed):
            yield process, position, entry


def _take_event(message: Message, process: str, position: int, entry: object) -> None:
    if not isinstance(entry, list) or not 4 <= len(entry) <= 6:  # noqa: PLR2004 - the format's
        message.faults.append(f"has an event that is not a list of 4 to 6 values (#{position})")
        return
    offset, category, method, name, value, extra = (*entry, None, None)[:6]
    if category not in ("normandy", UPTAKE):
        return
    if not (isinstance(method, str) and isinstance(name, str) and isinstance(extra, dict | None)):
        message.faults.append(f"has an event whose parts have the wrong types (#{position})")
        return
    place = Place(message.ping.message, clean(process), position)
    extras = extra or {}
    if category == "normandy":
        event = event_of(place, clean(method), clean(name), as_text(value), extras)
        message.events.append(event._replace(offset=_offset(offset)))
    elif name == "normandy":
        source = as_text(extras.get("source"))
        keys = sorted(clean(key) for key in extras if key != "source")
        message.uptake.append(Uptake(*place, source, as_text(value), keys))


def _bounded(ping: Ping, events: list[tuple[str, int, object]]) -> Ping:
    """The ping with its first and last offset: what events of any category tell of its start."""
    offsets = [
        (offset, process)
        for process, _, entry in events
        if isinstance(entry, list) and entry and (offset := _offset(entry[0])) is not None
    ]
    first = min((offset for offset, process in offsets if process == "parent"), default=None)
    return ping._replace(first_offset=first, last_offset=max(offsets)[0] if offsets else None)


def _offset(value: object) -> int | None:
    return within(number_of(value), -_LONGEST, _LONGEST)


def event_of(
    place: Place, method: str, name: str, value: str | None, extra: dict[str, Any]
) -> Event:
    """An event of the category `normandy`, without its offset."""
    enrollment, filler = enrollment_of(extra.get("enrollmentId"))
    extras = [Pair(clean(key), as_text(part) or "") for key, part in extra.items()]
    text = dict(extras)
    return Event(
        *place,
        offset=None,
        method=method,
        object=name,
        kind=_KINDS.get(name, name),
        slug=slug_of(value),
        value=value,
        enrollment_id=enrollment,
        filler=filler,
        reason=text.get("reason"),
        original_reason=text.get("originalReason"),
        branch=text.get("branch"),
        experiment_type=text.get("experimentType"),
        preference_branch=text.get("prefBranch", text.get("preferenceBranch")),
        preference=text.get("preference"),
        preference_name=text.get("preferenceName"),
        did_reset_value=text.get("didResetValue"),
        previous_state=text.get("previousState"),
        addon_id=text.get("addonId"),
        addon_version=text.get("addonVersion"),
        caller=text.get("caller"),
        conflicting_slug=slug_of(text.get("conflictingSlug")),
        extras=extras,
        keys=sorted(text),
        longest_extra=max((len(pair.value.encode()) for pair in extras), default=0),
    )


def annotation_of(message: str, slug: str, entry: dict[str, Any]) -> Annotation:
    """One entry of a ping's experiments."""
    enrollment, filler = enrollment_of(entry.get("enrollmentId"))
    kind = text_of(entry.get("type"))
    named = next((v for k, v in _ANNOTATED.items() if (kind or "").startswith(k)), None)
    branch = text_of(entry.get("branch"))
    name = slug_of(clean(slug)) or ""
    return Annotation(message, name, kind, named, branch, enrollment, filler)


def _scalars(message: str, payload: dict[str, Any]) -> Iterator[Scalar]:
    for part in mapping_of(payload.get("processes")).values():
        for name, keys in mapping_of(mapping_of(part).get("keyedScalars")).items():
            if name.startswith(("normandy.", "telemetry.keyed_scalars_exceed_limit")):
                for key, value in mapping_of(keys).items():
                    yield Scalar(message, clean(name), clean(key), number_of(value))


def object_of(value: object, otherwise: str) -> dict[str, Any]:
    """A JSON object. Raises UnreadableError with what to say otherwise."""
    if not isinstance(value, dict):
        raise UnreadableError(otherwise)
    return value


def mapping_of(value: object) -> dict[str, Any]:
    """A JSON object, or an empty one in the place of anything else."""
    return value if isinstance(value, dict) else {}


def text_of(value: object) -> str | None:
    """A text as a column can hold it, or None in the place of anything else."""
    return clean(value) if isinstance(value, str) else None


def as_text(value: object) -> str | None:
    """A recorded value as text; what is not a string (Telemetry sends none) as its JSON."""
    if value is None or isinstance(value, str):
        return text_of(value)
    try:
        return json.dumps(value)
    except RecursionError:
        message = "holds a value nested too deeply"
        raise UnreadableError(message) from None


def number_of(value: object) -> int | None:
    """A whole number that a column can hold, or None in the place of anything else."""
    inside = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 62
    return value if isinstance(value, int) and inside else None
