"""What many rows tell together: which pings are one, whose they are, what came when, the switches.

The browser rounds the start of its process to the minute, so a sum of start and offset is wrong by
up to half a minute either way; what is exact, and how it bounds the time of events, is told in
`settled/starts.sql`.
"""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from auditor.stores.linking import linked
from auditor.stores.room import Room
from auditor.stores.tables import PER_STORE, TABLES, Profile, Switch, as_arrow

if TYPE_CHECKING:
    import pyarrow as pa

_HELD_BACK = {"message", "offset", "profile"}
_ROWS = ("events", "annotations", "uptake", "scalars", "records")
_MIRRORED = ("events", "uptake")
"""What Glean may record a second time."""


class Mark(NamedTuple):
    """A profile, client id or session, and the person that it stands for."""

    mark: str
    person: str


class _Seen(NamedTuple):
    """What a ping tells of its person's switches."""

    person: str
    store_number: int
    ping: str
    source: str
    document_type: str
    client_id: str | None
    upload_off: bool
    moment: int
    received: int | None


def settled(recorded: "Mapping[str, pa.Table]") -> Room:
    """A room with the base tables, settled, of what was recorded."""
    room = Room()
    room.record(recorded)
    settle(room)
    return room


def settle(room: Room) -> None:
    """Put the settled base tables in the place of the recorded ones.

    That is with pings, persons, order and switches.
    """
    persons = linked(room.rows(_sql("linked")))
    room.put("persons", as_arrow(Mark, persons.items()))
    for name in ("pings", "profiles"):
        room.make(name, _sql(name))
    room.make("starts", _sql("starts"))
    for name in _ROWS:
        room.make(name, _sql(name))
        room.drop(f"recorded_{name}")
    for name in _MIRRORED:
        if room.rows(f"SELECT 1 FROM {name} WHERE process = 'glean' LIMIT 1"):  # noqa: S608 - our own name
            room.rows(_sql(f"mirrored_{name}"))
    room.put("switches", as_arrow(Switch, _switches(room)))
    room.make("recipes", "SELECT * FROM recorded_recipes")
    for name in ("recorded_pings", "recorded_profiles", "recorded_recipes", "persons", "starts"):
        room.drop(name)


def _sql(name: str) -> str:
    """The query of that name; `{columns}` are those that need no settling."""
    text = files("auditor.stores").joinpath(f"settled/{name}.sql").read_text(encoding="utf-8")
    kept = (
        column for column in getattr(TABLES.get(name), "_fields", ()) if column not in _HELD_BACK
    )
    return text.replace("{columns}", ", ".join(f"{name}.{column}" for column in kept))


def _switches(room: Room) -> Iterator[Switch]:
    """Every moment at which a person turned upload off or on, in order."""
    pings = {
        person: [*group]
        for person, group in groupby(
            (_Seen(*row) for row in room.rows(_sql("turning"))), lambda seen: seen.person
        )
    }
    columns = ", ".join(("person", *Profile._fields[1:]))
    query = f"SELECT {columns} FROM profiles ORDER BY person, snapshot, number"  # noqa: S608 - columns of our own
    rows = (Profile(*row) for row in room.rows(query))
    profiles = {person: [*group] for person, group in groupby(rows, lambda row: row.profile)}
    for person in sorted(pings.keys() | profiles.keys()):
        yield from _switches_of(pings.get(person, []), profiles.get(person, []))


def _switches_of(pings: list[_Seen], profiles: list[Profile]) -> Iterator[Switch]:
    """What pings and profiles show together, in the order of their times."""
    watch = _Watch({ping.client_id: ping.moment for ping in pings if ping.client_id})
    on = {profile.snapshot for profile in profiles if not profile.upload_off}
    # Which of two snapshots of one time came first, nothing tells: then upload was on at that time.
    ordered = (each for each in profiles if not (each.upload_off and each.snapshot in on))
    sights: list[_Seen | Profile] = [*pings, *ordered]
    for sight in sorted(sights, key=_when):
        yield from watch.of_ping(sight) if isinstance(sight, _Seen) else watch.of_profile(sight)


def _when(sight: _Seen | Profile) -> tuple[int, int]:
    """The order of sights: of one time, pings first."""
    return (sight.moment, 0) if isinstance(sight, _Seen) else (sight.snapshot, 1)


class _Watch:
    """One person's upload, as it is seen to be on or off.

    `last_sent` is when each client id was last seen in a ping.
    """

    def __init__(self, last_sent: Mapping[str | None, int]) -> None:
        self.last_sent = last_sent
        self.off: Switch | None = None
        self.client: str | None = None
        self.last_on: int | None = None

    def of_ping(self, ping: _Seen) -> list[Switch]:
        if ping.document_type == "deletion-request" and not ping.upload_off:
            asked, before = ping.moment, self._seen_on(ping, ping.client_id, ping.moment)
            off = self._turned_off(ping, ping.client_id, asked, asked, "deletion request")
            return [*before, off]
        if ping.document_type == "optout":
            # It names no client id: only its profile tells whose it is, and nobody deletes for it.
            return [self._turned_off(ping, self.client, ping.moment, ping.moment, "optout ping")]
        if ping.upload_off:
            since = None if self.last_on is None else self.last_on + 1
            told = (ping, self.client, since, ping.moment, "canary client id")
            return [] if self.off else [self._turned_off(*told)]
        return self._seen_on(ping, ping.client_id, ping.moment)

    def of_profile(self, profile: Profile) -> list[Switch]:
        if not profile.upload_off and profile.client_id is None:
            self.last_on = self.last_on if self.off else profile.snapshot
            return []
        if not profile.upload_off:
            # Its time may be too early; where pings have its client id, they tell since when it is.
            told = profile.client_id != self.client and profile.client_id in self.last_sent
            return [] if told else self._seen_on(profile, profile.client_id, profile.snapshot)
        # A profile's time is that of the latest thing in it, and so may be too early: as it is when
        # the client id that it no longer has is still seen afterwards. Then pings tell better.
        if self.off or self.last_sent.get(self.client, 0) > profile.snapshot:
            return []
        since = profile.snapshot if self.last_on is None else self.last_on + 1
        client, latest = profile.client_id or self.client, max(profile.snapshot, since)
        return [self._turned_off(profile, client, since, latest, profile.shown_by)]

    def _seen_on(self, sight: _Seen | Profile, client: str | None, moment: int) -> list[Switch]:
        """A new client id tells that upload was off before it, and is on again."""
        if client is None or (self.off and client == self.off.client_id):
            return []
        told: list[Switch] = []
        if self.client is not None and client != self.client and not self.off:
            since = min((self.last_on or 0) + 1, moment)
            told.append(self._turned_off(sight, self.client, since, moment, "new client id"))
        if self.off:
            told.append(_switch(sight, "on", client, moment, moment, "new client id"))
        self.off, self.client, self.last_on = None, client, moment
        return told

    def _turned_off(
        self,
        sight: _Seen | Profile,
        client: str | None,
        moment: int | None,
        latest: int,
        shown_by: str,
    ) -> Switch:
        self.off = _switch(sight, "off", client, moment, latest, shown_by)
        return self.off


def _switch(  # noqa: PLR0913, PLR0917 - the switch's own parts
    sight: _Seen | Profile,
    upload: str,
    client: str | None,
    moment: int | None,
    latest: int,
    shown_by: str,
) -> Switch:
    if isinstance(sight, Profile):
        person, received, ping = sight.profile, None, None
        store = sight.number // PER_STORE
    else:
        person, ping, store = sight.person, sight.ping, sight.store_number
        received = sight.received if shown_by == "deletion request" else None
    told = (shown_by, store, ping, sight.source)
    return Switch(person, client, upload, moment, latest, received, *told)
