"""What is added to our own store: only what it does not hold already, told by its content.

Two copies of a ping are one if document id, time of receipt and everything in them are the same,
wherever they lay; two snapshots of a profile, if they tell the same of it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from auditor.stores.own.messages import PARTS, Kept
from auditor.stores.own.schema import columns_of, insertion
from auditor.stores.tables import Event, Profile, Recipe, Record

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = tuple[object, ...]
Rows = defaultdict[str, list[Row]]

AT_ONCE = 500
"""Messages that are looked up at once: no more parameters than any SQLite allows."""

_OWN = {"pings": ["origin", "identity"], "profiles": ["origin", "identity"]}


class Addition:
    """What one source adds to the store, inside a transaction of the caller's.

    `marks` says by which name the store knows each profile of the source. A profile of which the
    store has a ping or a snapshot is that profile, at another time.
    """

    def __init__(self, database: "Database", origin: int) -> None:
        """`origin` is the source's number in the table `sources`."""
        self.database = database
        self.origin = origin
        self.first = self.message = self._next("pings", "message")
        self.number = self._next("profiles", "number")
        self.marks: dict[str, str] = {}

    def add(
        self,
        messages: Iterable[Kept],
        profiles: Sequence[Profile] = (),
        records: Sequence[Record] = (),
        recipes: Iterable[Recipe] = (),
    ) -> None:
        """Add what is new. Profiles come last: their pings tell which ones they are."""
        waiting = iter(messages)
        while batch := [*islice(waiting, AT_ONCE)]:
            self._add_messages(batch)
        for profile in profiles:
            self._add_profile(profile, [row for row in records if row.number == profile.number])
        for given, mark in self.marks.items():
            query = "UPDATE pings SET profile = ? WHERE message >= ? AND profile = ?"
            self.database.execute(query, [mark, self.first, _unnamed(given)])
        columns = ", ".join(Recipe._fields)
        known = set(self.database.execute(f"SELECT {columns} FROM recipes"))  # noqa: S608 - our names
        self._write("recipes", [row for row in dict.fromkeys(recipes) if row not in known])

    def _next(self, table: str, column: str) -> int:
        """The first running number that is free."""
        query = f"SELECT coalesce(max({column}), -1) + 1 FROM {table}"  # noqa: S608 - our own names
        return int(self.database.execute(query).fetchone()[0])

    def _add_messages(self, messages: Sequence[Kept]) -> None:
        new: dict[bytes, Kept] = {}
        for message in messages:
            new.setdefault(identity_of(message), message)
        signs = ", ".join("?" * len(new))
        query = f"SELECT identity, message, profile FROM pings WHERE identity IN ({signs})"  # noqa: S608 - signs
        for identity, key, mark in self.database.execute(query, [*new]).fetchall():
            profile = new.pop(identity).ping.profile
            if profile is not None and key < self.first:
                self.marks.setdefault(profile, mark)
        rows: Rows = defaultdict(list)
        for identity, message in new.items():
            self._lay_out(message, identity, rows)
        for name in ("pings", *PARTS):
            self._write(name, rows[name])

    def _lay_out(self, message: Kept, identity: bytes, rows: Rows) -> None:
        """Put a message, under the store's own key, among the rows to be written."""
        ping, key = message.ping, self.message
        self.message += 1
        if ping.profile is not None:
            ping = ping._replace(profile=_unnamed(ping.profile))
        rows["pings"].append((key, *ping[1:], self.origin, identity))
        rows["events"] += ((key, *_kept(row)) for row in message.events)
        rows["annotations"] += ((key, *row[1:]) for row in message.annotations)
        rows["uptake"] += ((key, *row[1:-1], _json(row.keys)) for row in message.uptake)
        rows["scalars"] += ((key, *row[1:]) for row in message.scalars)

    def _add_profile(self, profile: Profile, records: Sequence[Record]) -> None:
        told = profile._replace(profile="", number=0)
        identity = _digest([told, *(row._replace(profile="", number=0) for row in records)])
        query = "SELECT profile FROM profiles WHERE identity = ?"
        if known := self.database.execute(query, [identity]).fetchone():
            self.marks.setdefault(profile.profile, known[0])
            return
        mark, number = self.marks.setdefault(profile.profile, f"profile {self.number}"), self.number
        self.number += 1
        row = profile._replace(profile=mark, number=number)
        self._write("profiles", [(*row, self.origin, identity)])
        self._write("records", [row._replace(profile=mark, number=number) for row in records])

    def _write(self, name: str, rows: Sequence[Row]) -> None:
        columns = [*columns_of(name), *_OWN.get(name, ())]
        self.database.conn.executemany(insertion(name, columns), rows)


def identity_of(message: Kept) -> bytes:
    """What two copies of a message share: neither the key nor where they lay."""
    ping = message.ping
    told = ping._replace(message="", source="", profile=None if ping.profile is None else "")
    parts = [[row[1:] for row in getattr(message, name)] for name in PARTS]
    return _digest([told, *parts])


def _digest(told: object) -> bytes:
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=16).digest()


def _unnamed(profile: str) -> str:
    """What stands in the pings of a profile until it is known which one it is in the store."""
    return f"found in {profile}"


def _kept(event: Event) -> Row:
    """The values of an event that are kept, but for its message: its extras as a JSON object.

    Two keys may be the same (what no UTF-8 can hold is replaced), so that this is no dict.
    """
    extras = ",".join(f"{_json(key)}:{_json(value)}" for key, value in event.extras)
    return (*_PLAIN(event), f"{{{extras}}}", _json(event.keys), event.longest_extra)


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_PLAIN = itemgetter(*map(Event._fields.index, [*columns_of("events")][1:-3]))
"""Those before the last three, `extras`, `keys` and `longest_extra`."""
