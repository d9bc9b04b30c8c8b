"""A simulated ping in the forms that it takes on its way: as it was told, as JSON, as a message."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from auditor.history import FILLER
from auditor.simulate.distributions import KINDS
from auditor.stores import iso
from auditor.stores.intake import Message
from auditor.stores.own.messages import Kept
from auditor.stores.ping import Found, read_ping
from auditor.stores.ping_events import UPTAKE
from auditor.stores.plain import CANARY
from auditor.stores.tables import Annotation, Event, Pair, Uptake

if TYPE_CHECKING:
    import pyarrow as pa

Told: TypeAlias = dict[str, Any]
"""A row of `told.sql`: a ping as it was made, before any form is given to it."""

ON_ITS_WAY = 500
"""Milliseconds that a planted ping is on its way to the server."""


def told_of(message: Kept) -> Told:
    """The message of a history written by hand, as a ping that a browser could have made."""
    ping = message.ping
    created = ping.created or 0
    offset = created - (ping.process_start or 0)
    arrived = created + ON_ITS_WAY if ping.received is None else ping.received
    return {
        "ping": ping.ping,
        "profile": ping.profile,
        "document_type": ping.document_type,
        "client_id": CANARY if ping.upload_off else ping.client_id,
        "session_id": ping.session_id,
        "created": created,
        "received": arrived,
        "process_start": ping.process_start,
        "version": ping.version,
        "channel": ping.channel,
        "events": [
            *(_event(event) for event in message.events),
            *(_report(report, offset) for report in message.uptake),
        ],
        "experiments": [_experiment(entry) for entry in message.annotations],
        "freshness": [{"key": row.key, "value": row.value} for row in message.scalars],
        "lost": False,
        "copies": 1,
        "is_planted": True,
    }


def as_table(pings: Iterable[Told]) -> "pa.Table":
    """Pings as a table with the columns of `told.sql`."""
    import pyarrow as pa

    text, number, flag = pa.string(), pa.int64(), pa.bool_()
    pairs = pa.list_(pa.struct({"key": text, "value": text}))
    parts = dict.fromkeys(("category", "method", "object", "value"), text)
    event = pa.struct({"offset": number, **parts, "extras": pairs})
    entry = pa.struct(dict.fromkeys(("key", "branch", "enrollment_id", "type"), text))
    schema = {
        **dict.fromkeys(("ping", "profile", "document_type", "client_id", "session_id"), text),
        **dict.fromkeys(("created", "received", "process_start"), number),
        **dict.fromkeys(("version", "channel"), text),
        "events": pa.list_(event),
        "experiments": pa.list_(entry),
        "freshness": pa.list_(pa.struct({"key": text, "value": number})),
        "lost": flag,
        "copies": number,
        "is_planted": flag,
    }
    return pa.Table.from_pylist([*pings], schema=pa.schema([*schema.items()]))


def as_json(told: Told) -> dict[str, Any]:
    """The ping as the browser writes and sends it."""
    info = {"sessionId": told["session_id"], "reason": "daily"}
    session = {"info": info} if told["document_type"] == "main" else info
    experiments = {entry["key"]: _entry(entry) for entry in told["experiments"]}
    parent = {"keyedScalars": {"normandy.recipe_freshness": _mapping(told["freshness"])}}
    scalars = {"processes": {"parent": parent}} if told["freshness"] else {}
    return {
        "type": told["document_type"],
        "id": told["ping"],
        "creationDate": iso(told["created"]),
        "version": 4,
        "application": {"version": told["version"], "channel": told["channel"], "name": "Firefox"},
        "clientId": told["client_id"],
        "environment": {"experiments": experiments},
        "payload": {
            **session,
            **scalars,
            "processStartTimestamp": told["process_start"],
            "events": {"parent": [_listed(event) for event in told["events"]]},
        },
    }


def as_message(told: Told, key: str, source: str, *, at_server: bool) -> Message:
    """The ping as a store has it: of the server, or of the profile that it was made in."""
    profile = None if at_server else told["profile"]
    received = told["received"] if at_server else None
    return read_ping(as_json(told), Found(key, source, profile, received))


def _event(event: Event) -> dict[str, Any]:
    return {
        "offset": event.offset,
        "category": "normandy",
        "method": event.method,
        "object": event.object,
        "value": event.value,
        "extras": [{"key": key, "value": value} for key, value in event.extras],
    }


def _report(report: Uptake, offset: int) -> dict[str, Any]:
    extras = [Pair("source", report.source or ""), *(Pair(key, "") for key in report.keys)]
    return {
        "offset": offset,
        "category": UPTAKE,
        "method": "uptake",
        "object": "normandy",
        "value": report.status,
        "extras": [{"key": key, "value": value} for key, value in extras],
    }


def _experiment(entry: Annotation) -> dict[str, Any]:
    return {
        "key": entry.slug,
        "branch": entry.branch,
        "enrollment_id": FILLER if entry.filler else entry.enrollment_id,
        "type": KINDS[entry.kind or ""][0],
    }


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    named = {"branch": entry["branch"], "type": entry["type"]}
    found = {**named, "enrollmentId": entry["enrollment_id"]}
    return {key: value for key, value in found.items() if value is not None}


def _listed(event: dict[str, Any]) -> list[Any]:
    parts = ("offset", "category", "method", "object", "value")
    return [*(event[part] for part in parts), _mapping(event["extras"])]


def _mapping(pairs: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {pair["key"]: pair["value"] for pair in pairs}
