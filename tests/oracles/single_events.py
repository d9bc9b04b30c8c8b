"""The promises about what one event carries, as loops over a life.

Each looks at one event at a time: what the document says of it, what Firefox 115 is known to send.
"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from tests.oracles.documents import (
    CHOSEN,
    DOCUMENTED,
    DOCUMENTED_CODES,
    DOCUMENTED_ONLY_FOR,
    FAILURES,
    NEVER_REQUIRED,
    SENT,
    SENT_CODES,
    SENT_ONLY_FOR,
    STUDY,
    Event,
)
from tests.oracles.lives import Life, Sight

LONGEST = 80
MOST_EXTRAS = 10
LONGEST_NAME = 20
LONGEST_KEY = 15
ID = "enrollmentId"
DOCUMENTED_FORM = r".+:\d+(:\d+)? \w+"
"""File, line and error, by the document; a column is what every browser adds."""
SENT_FORM = r".+:(\d+|undefined):(\d+|undefined) \w*"
PREFERENCE_CHANGED = {"preferenceName", "reason", ID}


def _name(event: Sight) -> Event:
    return event.method, event.moment.object


def _extras(event: Sight) -> dict[str, str]:
    """All that it carries; an enrollment ID that is a UUID by any text as long as one."""
    own = {} if event.moment.id is None else {ID: event.moment.id}
    return event.moment.extras | own


def undocumented(life: Life) -> bool:
    """An event is neither documented nor one that the browser sends."""
    return any(_name(e) not in DOCUMENTED and _name(e) not in SENT for e in life.of("event"))


def undocumented_and_known(life: Life) -> bool:
    """An event that the browser sends is not documented."""
    return any(_name(e) not in DOCUMENTED and _name(e) in SENT for e in life.of("event"))


def extra_undocumented(life: Life) -> bool:
    """An extra is neither documented nor one that the browser sends with this event."""
    return any(_strange(event) for event in life.of("event"))


def extra_undocumented_and_known(life: Life) -> bool:
    """An event's only undocumented extras are ones that the browser sends."""
    return any(_unannounced(event) and not _strange(event) for event in life.of("event"))


def _strange(event: Sight) -> set[str]:
    """Nobody knows what an event that is not known at all should carry."""
    known = _name(event) in DOCUMENTED or _name(event) in SENT
    return set(event.moment.extras) - _documented(event) - _sent(event) if known else set()


def _unannounced(event: Sight) -> set[str]:
    """What an undocumented event carries is told with the event."""
    known = _name(event) in DOCUMENTED
    return set(event.moment.extras) - _documented(event) if known else set()


def _documented(event: Sight) -> set[str]:
    """The extras that the document lists for an event and its reason, if it gives one."""
    listed = _for_its_reason(event, DOCUMENTED, DOCUMENTED_ONLY_FOR)
    return listed if event.moment.channel in ("nightly", None) else listed - {"caller"}


def _sent(event: Sight) -> set[str]:
    """The extras that the browser sends with an event for its reason, if it gives one."""
    listed = _for_its_reason(event, SENT, SENT_ONLY_FOR)
    return listed if event.moment.channel in ("nightly", None) else listed - {"caller"}


def _for_its_reason(
    event: Sight,
    listed: Mapping[Event, AbstractSet[str]],
    only_for: Mapping[tuple[Event, str], AbstractSet[str]],
) -> set[str]:
    keys = set(listed.get(_name(event), ()))
    return {
        key
        for key in keys
        if not event.reason or event.reason in only_for.get((_name(event), key), {event.reason})
    }


def extra_missing(life: Life) -> bool:
    """An extra is missing that the document lists for this event and reason."""
    return any(_missing(event) & _sent(event) for event in life.of("event"))


def extra_never_sent(life: Life) -> bool:
    """All that is missing is what the browser never sends."""
    return any(_missing(e) and not _missing(e) & _sent(e) for e in life.of("event"))


def _missing(event: Sight) -> set[str]:
    return _documented(event) - {ID, *NEVER_REQUIRED, *event.moment.extras}


def code_undocumented(life: Life) -> bool:
    """A code is neither documented nor one that the browser sends there."""
    return any(_codes(event, strange=True) for event in life.of("event"))


def code_undocumented_and_known(life: Life) -> bool:
    """An event's only undocumented codes are ones that the browser sends."""
    events = life.of("event")
    return any(_codes(e, strange=False) and not _codes(e, strange=True) for e in events)


def _codes(event: Sight, *, strange: bool) -> set[str]:
    """The extras whose code is undocumented, and `strange` or known of the browser."""
    return {
        key
        for key, text in event.moment.extras.items()
        if not _is_documented(event, key, text) and _is_sent(event, key, text) is not strange
    }


def _is_documented(event: Sight, key: str, text: str) -> bool:
    """Of an event that is not documented, it is the event that is told, and not what it carries."""
    place = (*_name(event), key)
    if place in DOCUMENTED_CODES:
        return text in DOCUMENTED_CODES[place]
    if key == "reason" and _name(event) in FAILURES and _name(event) in DOCUMENTED:
        return bool(re.fullmatch(DOCUMENTED_FORM, text))
    return _name(event) in DOCUMENTED or _is_sent(event, key, text)


def _is_sent(event: Sight, key: str, text: str) -> bool:
    """Whether the browser may send the text there; it does where its codes are not told."""
    place = (*_name(event), key)
    if key == "reason" and _name(event) in FAILURES:
        return text in FAILURES[_name(event)] or bool(re.fullmatch(SENT_FORM, text))
    return place in CHOSEN or text in SENT_CODES.get(place, (text,))


def id_missing(life: Life) -> bool:
    """An event that has an enrollment ID, as most do, has neither one nor the filler.

    No reason excuses an event that gives none.
    """
    return any(event.moment.id is None and ID in _sent(event) for event in life.of("event"))


def id_never_sent(life: Life) -> bool:
    """The ID is missing from an event with which the browser sends none for this reason."""
    events = [event for event in life.of("event") if event.moment.id is None]
    return any(ID in _documented(event) - _sent(event) for event in events)


def id_unexpected(life: Life) -> bool:
    """An enrollment ID or the filler has no place in the event, by the document or else by facts.

    What the document says of an event goes before what the browser is known to send.
    """
    for event in life.of("event"):
        listed = DOCUMENTED.get(_name(event), _sent(event))
        known = _name(event) in DOCUMENTED or _name(event) in SENT
        if event.moment.id is not None and known and ID not in listed:
            return True
    return False


def id_in_deletion_request(life: Life) -> bool:
    """A deletion request has an enrollment ID in it."""
    requests = ("deletion-request", "glean:deletion-request")
    pings = [s for s in life.of("event", "annotation") if s.moment.document_type in requests]
    return any(ping.id is not None for ping in pings)


def extra_too_long(life: Life) -> bool:
    """An extra has more than 80 bytes."""
    return any(_bytes(t) > LONGEST for e in life.of("event") for t in _extras(e).values())


def value_too_long(life: Life) -> bool:
    """The value of an event has more than 80 bytes."""
    return any(_bytes(event.moment.change) > LONGEST for event in life.of("event"))


def extras_too_many(life: Life) -> bool:
    """An event has more than ten extras."""
    return any(len(_extras(event)) > MOST_EXTRAS for event in life.of("event"))


def name_too_long(life: Life) -> bool:
    """Method or object has more than 20 bytes, or the key of an extra more than 15."""
    for event in life.of("event"):
        names = max(map(_bytes, _name(event))) > LONGEST_NAME
        if names or any(_bytes(key) > LONGEST_KEY for key in _extras(event)):
            return True
    return False


def _bytes(text: str) -> int:
    """In UTF-8, where half a character is replaced by a sign of three bytes."""
    return len(text.encode(errors="surrogatepass"))


def caller_named(life: Life) -> bool:
    """A failed unenrollment names its caller on a channel that is known and not Nightly."""
    failed = [event for event in life.of("event") if event.method == "unenrollFailed"]
    named = [event.moment.channel for event in failed if "caller" in event.moment.extras]
    return any(channel not in (None, "nightly") for channel in named)


def more_than_the_name(life: Life) -> bool:
    """A study's report of a changed preference has more than name, reason and enrollment ID."""
    changes = [e for e in life.of("event") if _name(e) == ("expPrefChanged", STUDY)]
    return any(set(_extras(change)) - PREFERENCE_CHANGED for change in changes)
