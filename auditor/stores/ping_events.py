"""Normandy's events, uptake reports and annotations in a ping.

Most of the time that reading a ping takes is spent here, on what there is most of. So events are
not made into rows: they are told from others, put right where they are odd, and listed as JSON,
which `auditor.stores.apart` takes apart for many pings at once.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from auditor.stores.apart import Listed
from auditor.stores.intake import Message
from auditor.stores.packed import UnreadableError
from auditor.stores.plain import as_text, clean, enrollment_of, slug_of, text_of
from auditor.stores.tables import Annotation

NORMANDY = "normandy"
UPTAKE = "uptake.remotecontent.result"

MOST_FAULTS = 1_000
"""Events that are none, after which a ping is taken for something else."""

_LONGEST = 1 << 44
"""No session is longer, in milliseconds."""

_ANNOTATED = {
    "normandy-exp": "preference_study",
    "normandy-prefrollout": "preference_rollout",
    "normandy-addonstudy": "addon_study",
    "normandy-addonrollou": "addon_rollout",
    "nimbus": "nimbus_experiment",
}

_Entry = list[Any]
"""An event as a ping lists it: offset, category, method, object, and perhaps value and extras."""

_Entries = list[_Entry | None]
"""A process's events, each in its place; None in the place of one that is of no interest."""


class Times(NamedTuple):
    """The first and the last offset of a process's events, and whether all of them have one."""

    first: int | None
    last: int | None
    whole: bool


def times_in(entries: Sequence[Any]) -> Times:
    """The times of events of any category. JSON's whole numbers are exact."""
    offsets = [entry[0] for entry in entries if isinstance(entry, list) and entry]
    if {*map(type, offsets)} == {int}:
        first, last = min(offsets), max(offsets)
        if first >= -_LONGEST and last < _LONGEST:
            return Times(first, last, len(offsets) == len(entries))
    known = [offset for offset in offsets if _is_timed(offset)]
    return Times(min(known, default=None), max(known, default=None), whole=False)


def _is_timed(offset: object) -> bool:
    return type(offset) is int and -_LONGEST <= offset < _LONGEST


def take_events(
    message: Message, process: str, entries: Sequence[Any], *, all_timed: bool = False
) -> None:
    """Take in what a process recorded; an event that cannot be read becomes a fault.

    `all_timed` tells that every entry is known to have an offset. Raises UnreadableError when there
    are too many faults.
    """
    try:
        listed = [*map(_as_json, _plain(entries, all_timed=all_timed))]
    except (AttributeError, TypeError, ValueError):
        listed = [*map(_as_json, _put_right(message, entries))]
    (events, count), (uptake, reports) = listed
    if count or reports:
        message.listed.append(Listed(message.ping.message, clean(process), events, uptake))
        message.events += count


def _plain(entries: Sequence[Any], *, all_timed: bool) -> tuple[_Entries, _Entries]:
    """Normandy's events and uptake reports, if all are as Telemetry's are: whole, and of texts.

    Raises AttributeError, TypeError or ValueError for others: cheaper than to ask of each.
    """
    events: _Entries = [None] * len(entries)
    uptake, texts = events.copy(), list[str]()
    for position, entry in enumerate(entries):
        if not isinstance(entry, list) or not 4 <= len(entry) <= 6 or not all_timed:  # noqa: PLR2004 - the format's
            raise ValueError
        if (category := entry[1]) == NORMANDY or category == UPTAKE:
            _, _, method, name, value, extras = entry
            texts += method, name, value
            texts += extras.values()
            if category == NORMANDY:
                events[position] = entry
            elif name == NORMANDY:
                uptake[position] = entry
    "".join(texts)
    return events, uptake


def _put_right(message: Message, entries: Sequence[Any]) -> tuple[_Entries, _Entries]:
    """Normandy's events and uptake reports, of whatever there is; what is none becomes a fault."""
    events: _Entries = [None] * len(entries)
    uptake = events.copy()
    for position, entry in enumerate(entries):
        if not isinstance(entry, list) or not 4 <= len(entry) <= 6:  # noqa: PLR2004 - the format's
            _fault(message, f"has an event that is not a list of 4 to 6 values (#{position})")
        elif (category := entry[1]) == NORMANDY or category == UPTAKE:
            _, _, method, name, _, extras = whole = [*entry, None, None][:6]
            if not (isinstance(method, str) and isinstance(name, str)) or not isinstance(
                extras, dict | None
            ):
                _fault(message, f"has an event whose parts have the wrong types (#{position})")
            elif category == NORMANDY:
                events[position] = _of_texts(*whole)
            elif name == NORMANDY:
                uptake[position] = _of_texts(*whole)
    return events, uptake


def _fault(message: Message, fault: str) -> None:
    message.faults.append(fault)
    if len(message.faults) > MOST_FAULTS:
        reason = f"has over {MOST_FAULTS:,} events that are none"
        raise UnreadableError(reason)


def _of_texts(  # noqa: PLR0913, PLR0917 - the event's own parts
    offset: object,
    category: str,
    method: str,
    name: str,
    value: object,
    extras: dict[str, object] | None,
) -> _Entry:
    """The event with texts that a column can hold in the place of whatever there was."""
    told = (_json(clean(key)) + b":" + _json(as_text(part)) for key, part in (extras or {}).items())
    # Two keys may have become the same, so that this is no dict.
    pairs = orjson.Fragment(b"{" + b",".join(told) + b"}")
    timed = offset if _is_timed(offset) else None
    return [timed, category, clean(method), clean(name), as_text(value), pairs]


def _as_json(entries: _Entries) -> tuple[str | None, int]:
    """The entries as JSON, and how many they are; None when there are none.

    Raises TypeError for half a surrogate pair, which no UTF-8 can hold.
    """
    count = len(entries) - entries.count(None)
    return (_json(entries).decode() if count else None), count


_json = orjson.dumps


def annotation_of(message: str, slug: str, entry: dict[str, Any]) -> Annotation:
    """One entry of a ping's experiments."""
    enrollment, filler = enrollment_of(entry.get("enrollmentId"))
    kind, branch = text_of(entry.get("type")), text_of(entry.get("branch"))
    name = slug_of(clean(slug)) or ""
    return Annotation(message, name, kind, _annotated(kind), branch, enrollment, filler)


@lru_cache
def _annotated(kind: str | None) -> str | None:
    """The kind of change that an annotation's type begins with."""
    for start, change in _ANNOTATED.items():
        if kind is not None and kind.startswith(start):
            return change
    return None
