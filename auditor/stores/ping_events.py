"""Normandy's events, uptake reports and annotations in a ping, as rows of the base tables.

Most of the time that reading a ping takes is spent here, on what there is most of: so an event of
another category costs one comparison, and texts that are ASCII (nearly all) are taken as they are.
"""

from itertools import repeat
from typing import Any, NamedTuple

from auditor.stores.intake import Message
from auditor.stores.packed import UnreadableError
from auditor.stores.plain import as_text, clean, enrollment_of, slug_of, text_of
from auditor.stores.tables import Annotation, Event, Pair, Uptake

NORMANDY = "normandy"
UPTAKE = "uptake.remotecontent.result"

MOST_FAULTS = 1_000
"""Events that are none, after which a ping is taken for something else."""

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


_Place = tuple[str, str, int]
"""A `Place`, or its parts: to give them their names costs more than to read an uptake report."""


def offsets_in(entries: list[Any]) -> list[int]:
    """The offset of every event that has one, of any category. JSON's whole numbers are exact."""
    return [entry[0] for entry in entries if isinstance(entry, list) and entry and _timed(entry[0])]


def _timed(offset: object) -> bool:
    return type(offset) is int and -_LONGEST <= offset < _LONGEST


def take_events(message: Message, process: str, entries: list[Any]) -> None:
    """Take in what a process recorded; an event that cannot be read becomes a fault.

    Raises UnreadableError when there are too many of these.
    """
    key, process = message.ping.message, clean(process)
    for position, entry in enumerate(entries):
        if not isinstance(entry, list) or not 4 <= len(entry) <= 6:  # noqa: PLR2004 - the format's
            _fault(message, f"has an event that is not a list of 4 to 6 values (#{position})")
        elif (category := entry[1]) == UPTAKE or category == NORMANDY:
            _take_event(message, (key, process, position), entry)


def _take_event(message: Message, place: _Place, entry: list[Any]) -> None:
    _, category, method, name, value, extra = (
        entry if len(entry) == 6 else (*entry, None, None)[:6]  # noqa: PLR2004 - the format's
    )
    extra = {} if extra is None else extra
    if not (isinstance(method, str) and isinstance(name, str) and isinstance(extra, dict)):
        _fault(message, f"has an event whose parts have the wrong types (#{place[2]})")
    elif category == NORMANDY:
        offset = entry[0] if _timed(entry[0]) else None
        row = event_of(place, clean(method), clean(name), as_text(value), extra, offset)
        message.events.append(row)
    elif name == NORMANDY:
        message.uptake.append(_uptake(place, value, extra))


def _fault(message: Message, fault: str) -> None:
    message.faults.append(fault)
    if len(message.faults) > MOST_FAULTS:
        reason = f"has over {MOST_FAULTS:,} events that are none"
        raise UnreadableError(reason)


def _uptake(place: _Place, value: object, extra: dict[str, Any]) -> Uptake:
    keys, source = sorted(extra), None
    if "source" in extra:
        keys.remove("source")
        source = as_text(extra["source"])
    if not "".join(keys).isascii():
        keys = sorted(map(clean, keys))
    return _row(Uptake, (*place, source, as_text(value), keys))


_row = tuple.__new__
"""A named tuple of its values, in a third of the time that it takes by its name."""


def event_of(  # noqa: PLR0913, PLR0917 - the event's own parts
    place: _Place,
    method: str,
    name: str,
    value: str | None,
    extra: dict[str, Any],
    offset: int | None = None,
) -> Event:
    """An event of the category `normandy`. Texts but those of `extra` are clean already."""
    enrollment, filler = enrollment_of(extra.get("enrollmentId"))
    extras, text, longest = _extras(extra)
    get = text.get
    values = (
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
        longest,
    )
    return _row(Event, values)


def _extras(extra: dict[str, Any]) -> tuple[list[Pair], dict[str, str], int]:
    """The extras as columns can hold them, by their keys too, and the bytes of the longest."""
    try:
        plain = "".join(extra).isascii() and "".join(extra.values()).isascii()
    except TypeError:
        plain = False
    if plain:
        pairs = [*map(_row, repeat(Pair), extra.items())]
        return pairs, extra, max(map(len, extra.values()), default=0)
    pairs = [Pair(clean(key), as_text(part) or "") for key, part in extra.items()]
    return pairs, dict(pairs), max((len(pair.value.encode()) for pair in pairs), default=0)


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
