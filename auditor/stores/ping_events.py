"""Normandy's events, uptake reports and annotations in a ping, as rows of the base tables.

Most of the time that reading a ping takes is spent here, on what there is most of: so an event of
another category costs one comparison, and texts that are ASCII (nearly all) are taken as they are.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from auditor.stores.intake import Message
from auditor.stores.plain import as_text, clean, enrollment_of, slug_of, text_of
from auditor.stores.tables import Annotation, Event, Pair, Uptake

NORMANDY = "normandy"
UPTAKE = "uptake.remotecontent.result"

_LONGEST = 1 << 44
"""No session is longer, in milliseconds."""

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


def offsets_in(entries: list[Any]) -> list[int]:
    """The offset of every event that has one, of any category."""
    return [entry[0] for entry in entries if isinstance(entry, list) and entry and _timed(entry)]


def take_events(message: Message, process: str, entries: list[Any]) -> None:
    """Take in what a process recorded; an event that cannot be read becomes a fault."""
    key, process = message.ping.message, clean(process)
    for position, entry in enumerate(entries):
        if not isinstance(entry, list) or not 4 <= len(entry) <= 6:  # noqa: PLR2004 - the format's
            message.faults.append(f"has an event that is not a list of 4 to 6 values (#{position})")
        elif entry[1] in (NORMANDY, UPTAKE):
            _take_event(message, Place(key, process, position), entry)


def _take_event(message: Message, place: Place, entry: list[Any]) -> None:
    _, category, method, name, value, extra = (*entry, None, None)[:6]
    extra = {} if extra is None else extra
    if not (isinstance(method, str) and isinstance(name, str) and isinstance(extra, dict)):
        fault = f"has an event whose parts have the wrong types (#{place.position})"
        message.faults.append(fault)
    elif category == NORMANDY:
        offset = entry[0] if _timed(entry) else None
        event = event_of(place, clean(method), clean(name), as_text(value), extra, offset)
        message.events.append(event)
    elif name == NORMANDY:
        message.uptake.append(_uptake(place, value, extra))


def _timed(entry: list[Any]) -> bool:
    """Whether an event has an offset that a session can have. JSON's whole numbers are exact."""
    return type(entry[0]) is int and -_LONGEST <= entry[0] < _LONGEST


def _uptake(place: Place, value: object, extra: dict[str, Any]) -> Uptake:
    source = as_text(extra.get("source"))
    keys = _keys(extra)
    if "source" in extra:
        keys.remove("source")
    return Uptake(*place, source, as_text(value), keys)


def _keys(extra: Mapping[str, Any]) -> list[str]:
    keys = sorted(extra)
    return keys if "".join(keys).isascii() else sorted(map(clean, keys))


def event_of(  # noqa: PLR0913, PLR0917 - the event's own parts
    place: Place,
    method: str,
    name: str,
    value: str | None,
    extra: dict[str, Any],
    offset: int | None = None,
) -> Event:
    """An event of the category `normandy`. Texts but those of `extra` are clean already."""
    enrollment, filler = enrollment_of(extra.get("enrollmentId"))
    extras = _pairs(extra)
    text = dict(extras)
    get = text.get
    return Event(
        *place,
        offset,
        method,
        name,
        _KINDS.get(name, name),
        slug_of(value),
        value,
        enrollment,
        filler,
        get("reason"),
        get("originalReason"),
        get("branch"),
        get("experimentType"),
        get("prefBranch", get("preferenceBranch")),
        get("preference"),
        get("preferenceName"),
        get("didResetValue"),
        get("previousState"),
        get("addonId"),
        get("addonVersion"),
        get("caller"),
        slug_of(get("conflictingSlug")),
        extras,
        sorted(text),
        max(
            (len(value) if value.isascii() else len(value.encode()) for _, value in extras),
            default=0,
        ),
    )


def _pairs(extra: dict[str, Any]) -> list[Pair]:
    """The extras as they stand, if all are ASCII; else what a column can hold of them."""
    try:
        plain = "".join(extra).isascii() and "".join(extra.values()).isascii()
    except TypeError:
        plain = False
    if plain:
        return [*map(Pair._make, extra.items())]
    return [Pair(clean(key), as_text(part) or "") for key, part in extra.items()]


def annotation_of(message: str, slug: str, entry: dict[str, Any]) -> Annotation:
    """One entry of a ping's experiments."""
    enrollment, filler = enrollment_of(entry.get("enrollmentId"))
    kind, branch = text_of(entry.get("type")), text_of(entry.get("branch"))
    name = slug_of(clean(slug)) or ""
    return Annotation(message, name, kind, _annotated(kind), branch, enrollment, filler)


def _annotated(kind: str | None) -> str | None:
    """The kind of change that an annotation's type begins with."""
    for start, change in _ANNOTATED.items():
        if kind is not None and kind.startswith(start):
            return change
    return None
