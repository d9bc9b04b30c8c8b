"""When things happened and to whom: the order of events, the person behind pings, the switches.

The browser rounds the start of its process to the minute, so a sum of start and offset is wrong by
up to half a minute either way. What is exact: an event's offset within its session, and the
creation of a ping. Every event in a ping happened before the ping was made, and (in the parent
process, which is flushed with each event ping) after the event ping before it. That bounds the
session's true start, and with it every event.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from auditor.stores.intake import Intake, Message, Timed
from auditor.stores.tables import Annotation, Event, Ping, Profile, Switch

HALF_MINUTE = 30_000
POSITIONS = 10_000
"""Events of one millisecond are told apart by position, up to this many."""

Bounds = tuple[int, int]


def ordered_events(messages: Iterable[Message]) -> Iterator[Event]:
    """Every event with its order, and the bounds of its time."""
    by_session: defaultdict[str | None, list[Message]] = defaultdict(list)
    for message in messages:
        by_session[message.ping.session_id].append(message)
    for session, members in by_session.items():
        start = _bounds_of_start(members) if session else None
        for message in members:
            for timed in message.events:
                yield _placed(message.ping, timed, start)


def ordered_annotations(messages: Iterable[Message]) -> Iterator[Annotation]:
    """Every annotation, in the order of its ping: after all events that were in it."""
    for message in messages:
        created = message.ping.created
        sequence = None if created is None else created * POSITIONS + POSITIONS - 1
        for annotation in message.annotations:
            yield annotation._replace(sequence=sequence)


def _bounds_of_start(members: list[Message]) -> Bounds | None:
    """Between which times the session's process started."""
    flushed, low, high = None, None, None
    for message in sorted(members, key=lambda m: m.ping.created or 0):
        created, start = message.ping.created, message.ping.process_start
        offsets = [t.offset for t in message.events if t.offset is not None]
        early = [
            t.offset for t in message.events if t.event.process == "parent" and t.offset is not None
        ]
        if start is not None:
            low = max(start - HALF_MINUTE, low if low is not None else start - HALF_MINUTE)
            high = min(start + HALF_MINUTE, high if high is not None else start + HALF_MINUTE)
        if created is not None and offsets:
            high = min(created - max(offsets), high if high is not None else created)
        if flushed is not None and early and low is not None:
            low = max(low, flushed - min(early))
        if message.ping.document_type == "event" and created is not None:
            flushed = created
    if high is None:
        return None
    return (min(low, high) if low is not None else high - 2 * HALF_MINUTE, high)


def _placed(ping: Ping, timed: Timed, start: Bounds | None) -> Event:
    offset, event = timed
    if offset is None or (start is None and ping.process_start is None):
        latest = ping.created if ping.created is not None else ping.received
        return event._replace(latest=latest)
    if start is None:
        guess = (ping.process_start or 0) + offset
        return event._replace(earliest=guess - HALF_MINUTE, latest=guess + HALF_MINUTE)
    low, high = start
    return event._replace(
        sequence=(high + offset) * POSITIONS + min(event.position, POSITIONS - 2),
        earliest=low + offset,
        latest=high + offset,
    )


def name_persons(intake: Intake) -> None:
    """Give every ping, record and state the person that it is about."""
    parent: dict[str, str] = {}

    def root(mark: str) -> str:
        parent.setdefault(mark, mark)
        while parent[mark] != mark:
            parent[mark] = parent[parent[mark]]
            mark = parent[mark]
        return mark

    def join(marks: Iterable[str]) -> None:
        first, *rest = (root(mark) for mark in marks)
        for mark in rest:
            first, other = sorted((first, root(mark)))
            parent[other] = first

    for message in intake.messages.values():
        join(_marks(message.ping))
    for profile in intake.profiles:
        join(_marks_of_profile(profile, intake.sessions.get(profile.person)))
    for message in intake.messages.values():
        message.ping = message.ping._replace(person=root(_marks(message.ping)[0]))
    intake.records = [row._replace(person=root(row.person)) for row in intake.records]
    intake.profiles = [row._replace(person=root(row.person)) for row in intake.profiles]


def _marks(ping: Ping) -> list[str]:
    """What ties a ping to others of the same person; a ping with nothing is about itself alone."""
    marks = [("client", ping.client_id), ("session", ping.session_id)]
    named = [f"{what} {value}" for what, value in marks if value]
    return ([ping.person] if ping.person else []) + named or [f"ping {ping.ping}"]


def _marks_of_profile(profile: Profile, session: str | None) -> list[str]:
    marks = [("client", profile.client_id), ("user", profile.user_id), ("session", session)]
    return [profile.person, *(f"{what} {value}" for what, value in marks if value)]


def switches(intake: Intake) -> Iterator[Switch]:
    """Every moment at which a person turned upload off or on, in order."""
    pings: defaultdict[str, list[Ping]] = defaultdict(list)
    for message in intake.messages.values():
        if message.ping.created is not None:
            pings[message.ping.person].append(message.ping)
    profiles: defaultdict[str, list[Profile]] = defaultdict(list)
    for profile in intake.profiles:
        profiles[profile.person].append(profile)
    for person in sorted(pings.keys() | profiles.keys()):
        yield from _switches_of(person, pings[person], profiles[person])


def _switches_of(person: str, pings: list[Ping], profiles: list[Profile]) -> Iterator[Switch]:
    last: Ping | None = None
    off: Switch | None = None
    for ping in sorted(pings, key=lambda ping: (ping.created or 0, ping.ping)):
        told = _told_by(person, ping, last, off)
        for switch in told:
            off = switch if switch.upload == "off" else None
            yield switch
        if ping.client_id is not None and not off:
            last = ping
    for profile in sorted(profiles, key=lambda profile: (profile.snapshot, profile.number)):
        if profile.upload_off and off is None:
            off = _told_by_profile(profile, last)
            yield off


def _told_by_profile(profile: Profile, last: Ping | None) -> Switch:
    """The switch that a profile shows by how it was left: after its last ping with upload on."""
    client = profile.client_id or (last.client_id if last else None)
    moment = max(profile.snapshot, (last.created or 0) + 1 if last else 0)
    shown_by, source = profile.shown_by, profile.source
    return Switch(profile.person, client, "off", moment, None, shown_by, None, source)


def _told_by(person: str, ping: Ping, last: Ping | None, off: Switch | None) -> list[Switch]:
    """The switches that one ping shows, given the last ping with upload on."""

    def switch(upload: str, client: str | None, at: Ping | None, shown_by: str) -> Switch:
        moment, received = (at.created, at.received) if at else (None, None)
        return Switch(person, client, upload, moment, received, shown_by, ping.ping, ping.source)

    if ping.document_type == "deletion-request" and not ping.upload_off:
        return [switch("off", ping.client_id, ping, "deletion request")]
    before = last.client_id if last else None
    if ping.upload_off:
        return [] if off else [switch("off", before, last, "canary client id")]
    if ping.client_id is None or ping.client_id == (off.client_id if off else before):
        return []
    on = switch("on", ping.client_id, ping, "new client id")
    if off or last is None:
        return [on] if off else []
    return [switch("off", before, last, "new client id"), on]
