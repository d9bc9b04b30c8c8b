"""One of Firefox's own pings as a message: its envelope, Normandy's events, annotations and uptake.

Formats: toolkit/components/telemetry/docs (common-ping, event-ping, main-ping).
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from auditor.stores.intake import Message
from auditor.stores.packed import UnreadableError
from auditor.stores.ping_events import Times, annotation_of, take_events, times_in
from auditor.stores.plain import (
    LATEST,
    clean,
    client_of,
    epoch_ms,
    major,
    mapping_of,
    number_of,
    object_of,
    text_of,
    within,
)
from auditor.stores.tables import Ping, Scalar
from auditor.stores.uptake_histogram import take_histograms

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


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
    processes = _events(payload)
    times = {process: times_in(entries) for process, entries in processes.items()}
    message = Message(_envelope(ping, payload, found, _bounds(times)))
    for process, entries in processes.items():
        take_events(message, process, entries, all_timed=times[process].whole)
    environment = mapping_of(ping.get("environment"))
    for slug, entry in mapping_of(environment.get("experiments")).items():
        message.annotations.append(annotation_of(found.key, slug, mapping_of(entry)))
    message.scalars.extend(_scalars(found.key, payload))
    take_histograms(message, payload)
    return message


def _envelope(
    ping: dict[str, Any],
    payload: dict[str, Any],
    found: Found,
    bounds: tuple[int | None, int | None],
) -> Ping:
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
        document_type=clean(ping["type"]),
        client_id=client,
        upload_off=off,
        profile_group_id=text_of(ping.get("profileGroupId")),
        session_id=text_of(payload.get("sessionId")) or text_of(info.get("sessionId")),
        created=epoch_ms(ping.get("creationDate")),
        received=found.received,
        process_start=within(number_of(payload.get("processStartTimestamp")), 0, LATEST),
        first_offset=bounds[0],
        last_offset=bounds[1],
        version=version,
        major=major(version),
        channel=text_of(application.get("channel")),
    )


def _events(payload: dict[str, Any]) -> dict[str, list[Any]]:
    """Every event of a ping: in event pings by process, in old main pings inside the processes.

    What stands in the place of a process's events, and is no list of them, is given as an event.
    """
    places = dict(mapping_of(payload.get("events")))
    for process, part in mapping_of(payload.get("processes")).items():
        places.setdefault(process, mapping_of(part).get("events"))
    for process, events in places.items():
        if not isinstance(events, list):
            places[process] = [] if events is None else [events]
    return places


def _bounds(times: dict[str, Times]) -> tuple[int | None, int | None]:
    """A ping's first and last offset: what events of any category tell of its start."""
    last = max((of_one.last for of_one in times.values() if of_one.last is not None), default=None)
    return (times["parent"].first if "parent" in times else None), last


def _scalars(message: str, payload: dict[str, Any]) -> Iterator[Scalar]:
    for part in mapping_of(payload.get("processes")).values():
        for name, keys in mapping_of(mapping_of(part).get("keyedScalars")).items():
            if name.startswith(("normandy.", "telemetry.keyed_scalars_exceed_limit")):
                for key, value in mapping_of(keys).items():
                    yield Scalar(message, clean(name), clean(key), number_of(value))
