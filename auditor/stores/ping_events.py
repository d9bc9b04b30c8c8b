"""Normandy's events, uptake reports and annotations in a ping.

Most of the time that reading a ping takes is spent here, on what there is most of. So events are
not made into rows: they are told from others, put right where they are odd, and listed as JSON,
which `auditor.stores.apart` takes apart for many pings at once.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
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

_FIRST = itemgetter(0)
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
    if {*map(type, entries)} == {list} and all(entries):
        offsets = [*map(_FIRST, entries)]
        if {*map(type, offsets)} == {int}:
            first, last = min(offsets), max(offsets)
            if first >= -_LONGEST and last < _LONGEST:
                return Times(first, last, whole=True)
    offsets = [entry[0] for entry in entries if isinstance(entry, list) and entry]
    known = [offset for offset in offsets if _is_timed(offset)]
    return Times(min(known, default=None), max(known, default=None), whole=False)


def _is_timed(offset: object) -> bool:
    return type(offset) is int and -_LONGEST <= offset < _LONGEST


def take_events(
    message: Message, process: str, entries: Sequence[Any], *, all_timed: bool = False
) -> None:
    """Take in what a process recorded; an event that cannot be read becomes a fault.

    `all_timed` tells that every entry is known to be a list with an offset. Raises UnreadableError
    when there are too many faults.
    """
    try:
        listed, events = _plain(entries, all_timed=all_timed)
        told = _json(listed)
    except (TypeError, ValueError):
        listed, events = _put_right(message, entries)
        told = _json(listed)
    if any(listed):
        message.listed.append(Listed(message.ping.message, clean(process), told.decode()))
        message.events += events


def _plain(entries: Sequence[Any], *, all_timed: bool) -> tuple[_Entries, int]:
    """What of the entries is Normandy's, if all are as Telemetry's are: whole, and of texts.

    Raises TypeError or ValueError for others: whole columns are looked at, which is far cheaper
    than to ask of each entry.
    """
    if not all_timed or {*map(len, entries)} - {4, 5, 6}:
        raise ValueError
    listed: _Entries = [
        entry
        if (category := entry[1]) == NORMANDY or (category == UPTAKE and entry[3] == NORMANDY)
        else None
        for entry in entries
    ]
    own = [*filter(None, listed)]
    if not own:
        return listed, 0
    _, categories, methods, names, values, extras = zip(*own, strict=True)
    texts = chain(methods, names, values, chain.from_iterable(map(dict.values, extras)))
    if {*map(type, texts)} != {str}:
        raise ValueError
    return listed, categories.count(NORMANDY)


def _put_right(message: Message, entries: Sequence[Any]) -> tuple[_Entries, int]:
    """What of the entries is Normandy's, of whatever there is; what is none becomes a fault."""
    listed: _Entries = [None] * len(entries)
    events = 0
    for position, entry in enumerate(entries):
        if not isinstance(entry, list) or not 4 <= len(entry) <= 6:  # noqa: PLR2004 - the format's
            _fault(message, f"has an event that is not a list of 4 to 6 values (#{position})")
        elif (category := entry[1]) == NORMANDY or category == UPTAKE:
            _, _, method, name, _, extras = whole = [*entry, None, None][:6]
            if not (isinstance(method, str) and isinstance(name, str)) or not isinstance(
                extras, dict | None
            ):
                _fault(message, f"has an event whose parts have the wrong types (#{position})")
            elif NORMANDY in {category, name}:
                listed[position] = _of_texts(*whole)
                events += category == NORMANDY
    return listed, events


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


_json = orjson.dumps


def annotation_of(message: str, slug: str, entry: dict[str, Any]) -> Annotation:
    """One entry of a ping's experiments."""
    kind, branch = text_of(entry.get("type")), text_of(entry.get("branch"))
    return Annotation(message, *_annotated(slug, kind, branch, as_text(entry.get("enrollmentId"))))


@lru_cache(maxsize=4_096)
def _annotated(
    slug: str, kind: str | None, branch: str | None, recorded_id: str | None
) -> tuple[str, str | None, str | None, str | None, str | None, bool]:
    """All of an annotation but its message: a client's next ping has the same ones again."""
    starts = (start for start in _ANNOTATED if kind is not None and kind.startswith(start))
    change = _ANNOTATED.get(next(starts, ""))
    return slug_of(clean(slug)) or "", kind, change, branch, *enrollment_of(recorded_id)
