"""One Glean ping as a message: who sent it, the experiments it lists, and Normandy's metrics in it.

From Firefox 132 on Normandy records its events with Glean, as `normandy.<method>_<object>`, and the
same events as before are mirrored: `settled/events.sql` takes a mirrored event for one. Formats:
glean, docs/user/user/pings; toolkit/components/normandy/metrics.yaml.
"""

import re
from collections.abc import Iterator
from typing import Any

from auditor.stores.intake import Message
from auditor.stores.ping import Found
from auditor.stores.ping_events import NORMANDY, UPTAKE, annotation_of, take_events
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

PROCESS = "glean"
_OTHER = [None, "", "", ""]
"""An event of no interest."""

_OBJECTS = (
    "preference_study", "addon_study", "preference_rollout", "addon_rollout", "nimbus_experiment",
    "preference_rollback", "addon_rollback",
)  # fmt: skip


def read_glean_ping(body: object, found: Found, document: str, document_type: str) -> Message:
    """A Glean ping, of which the document id and the type are known from outside.

    Raises UnreadableError when it is no ping. Its creation is told by its last event alone.
    """
    ping = object_of(body, "is not a JSON object")
    message = Message(_envelope(ping, found, document, document_type))
    experiments = mapping_of(mapping_of(ping.get("ping_info")).get("experiments"))
    for slug, entry in experiments.items():
        fields = mapping_of(entry) | mapping_of(mapping_of(entry).get("extra"))
        message.annotations.append(annotation_of(found.key, slug, fields))
    freshness = mapping_of(mapping_of(ping.get("metrics")).get("labeled_quantity"))
    for key, value in mapping_of(freshness.get("normandy.recipe_freshness")).items():
        row = Scalar(found.key, "normandy.recipe_freshness", clean(key), number_of(value))
        message.scalars.append(row)
    _take_events(message, ping)
    return message


def _envelope(ping: dict[str, Any], found: Found, document: str, document_type: str) -> Ping:
    uuids = mapping_of(mapping_of(ping.get("metrics")).get("uuid"))
    about = mapping_of(ping.get("client_info"))
    client, off = client_of(uuids.get("legacy.telemetry.client_id"))
    version = text_of(about.get("app_display_version"))
    return Ping(
        message=found.key,
        ping=clean(document).lower(),
        profile=found.profile,
        source=found.source,
        document_type=f"glean:{clean(document_type)}",
        client_id=client,
        upload_off=off,
        session_id=text_of(about.get("session_id")),
        received=found.received,
        version=version,
        major=major(version),
        channel=text_of(about.get("app_channel")),
    )


def _take_events(message: Message, ping: dict[str, Any]) -> None:
    """Normandy's events and uptake, with the times that Glean gives them."""
    times: list[int] = []
    events: list[list[Any]] = []
    for moment, category, name, extra in _entries(ping):
        event: list[Any] = _OTHER
        if category == NORMANDY and (found := _event(name, extra)) and moment is not None:
            times.append(moment)
            event = [moment - times[0], *found]
        elif category == UPTAKE and name == "uptake_normandy":
            source = {"source": extra.get("source")}
            event = [None, UPTAKE, "uptake", NORMANDY, extra.get("value"), source]
        events.append(event)
    take_events(message, PROCESS, events)
    if times:
        # An event's offset counts from the first one; all of them are in one session of their own.
        session = message.ping.session_id or f"of ping {message.ping.ping}"
        last = max(times)
        message.ping = message.ping._replace(
            created=last, last_offset=last - times[0], session_id=session
        )


def _entries(ping: dict[str, Any]) -> Iterator[tuple[int | None, str, str, dict[str, Any]]]:
    """Time, category, name and extras of every event; times are exact only in `glean_timestamp`."""
    start = epoch_ms(mapping_of(ping.get("ping_info")).get("start_time"))
    listed = ping.get("events")
    for entry in listed if isinstance(listed, list) else []:
        event = mapping_of(entry)
        extra, offset = mapping_of(event.get("extra")), number_of(event.get("timestamp"))
        moment = within(_whole(extra.get("glean_timestamp")), 0, LATEST)
        if moment is None and start is not None and offset is not None:
            moment = within(start + offset, 0, LATEST)
        kept = {key: value for key, value in extra.items() if key != "glean_timestamp"}
        yield moment, text_of(event.get("category")) or "", text_of(event.get("name")) or "", kept


def _event(name: str, extra: dict[str, Any]) -> list[Any] | None:
    """All but the time of the event that `unenroll_failed_addon_rollback` stands for, or None."""
    for kind in _OBJECTS:
        if name.endswith(f"_{kind}"):
            first, *rest = name.removesuffix(f"_{kind}").split("_")
            method = first + "".join(word.capitalize() for word in rest)
            rest_of = {key: value for key, value in extra.items() if key != "value"}
            return [NORMANDY, method, kind, extra.get("value"), rest_of]
    return None


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,14}", value) else None
