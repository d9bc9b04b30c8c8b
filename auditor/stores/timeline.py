"""What many rows tell together: which pings are one, whose they are, what came when, the switches.

The browser rounds the start of its process to the minute, so a sum of start and offset is wrong by
up to half a minute either way; what is exact, and how it bounds the time of events, is told in
`settled/starts.sql`.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from auditor.stores.tables import TABLES, Profile, Switch, as_arrow

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_HELD_BACK = {"message", "offset", "profile"}
_ROWS = ("events", "annotations", "uptake", "scalars", "records")


class Mark(NamedTuple):
    """A profile, client id or session, and the person that it stands for."""

    mark: str
    person: str


class _Seen(NamedTuple):
    """What a ping tells of its person's switches."""

    person: str
    ping: str
    source: str
    document_type: str
    client_id: str | None
    upload_off: bool
    moment: int
    received: int | None


def settled(recorded: "Mapping[str, pa.Table]") -> "dict[str, pa.Table]":
    """The base tables, with pings, persons, order and switches settled."""
    import duckdb

    with duckdb.connect(config={"threads": 2}) as session:
        for name, table in recorded.items():
            session.register(f"recorded_{name}", table)
        session.register("persons", as_arrow(Mark, _persons(_fetched(session, "linked"))))
        for name in ("pings", "profiles"):
            session.execute(f"CREATE TEMP TABLE {name} AS {_sql(name)} ORDER BY ALL")
        session.execute(f"CREATE TEMP VIEW starts AS {_sql('starts')}")
        tables = {name: session.sql(_sql(name)).to_arrow_table() for name in _ROWS}
        tables |= {name: session.table(name).to_arrow_table() for name in ("pings", "profiles")}
        tables["switches"] = as_arrow(Switch, _switches(session))
    return tables | {"recipes": recorded["recipes"]}


def _sql(name: str) -> str:
    """The query of that name; `{columns}` are those that need no settling."""
    text = files("auditor.stores").joinpath(f"settled/{name}.sql").read_text(encoding="utf-8")
    kept = (
        column for column in getattr(TABLES.get(name), "_fields", ()) if column not in _HELD_BACK
    )
    return text.replace("{columns}", ", ".join(f"{name}.{column}" for column in kept))


def _fetched(session: "duckdb.DuckDBPyConnection", name: str) -> list[tuple[Any, ...]]:
    return session.execute(_sql(name)).fetchall()


def _persons(pairs: Iterable[tuple[str, str]]) -> list[Mark]:
    """Every mark with its person: whatever is linked, however far, is one."""
    parent: dict[str, str] = {}

    def root(mark: str) -> str:
        parent.setdefault(mark, mark)
        while parent[mark] != mark:
            parent[mark] = parent[parent[mark]]
            mark = parent[mark]
        return mark

    for mark, other in pairs:
        first, second = sorted((root(mark), root(other)))
        parent[second] = first
    return [Mark(mark, root(mark)) for mark in sorted(parent)]


def _switches(session: "duckdb.DuckDBPyConnection") -> Iterator[Switch]:
    """Every moment at which a person turned upload off or on, in order."""
    pings = {
        person: [*group]
        for person, group in groupby(
            (_Seen(*row) for row in _fetched(session, "turning")), lambda seen: seen.person
        )
    }
    columns = ", ".join(("person", *Profile._fields[1:]))
    query = f"SELECT {columns} FROM profiles ORDER BY person, snapshot, number"  # noqa: S608 - columns of our own
    rows = (Profile(*row) for row in session.execute(query).fetchall())
    profiles = {person: [*group] for person, group in groupby(rows, lambda row: row.profile)}
    for person in sorted(pings.keys() | profiles.keys()):
        yield from _switches_of(pings.get(person, []), profiles.get(person, []))


def _switches_of(pings: list[_Seen], profiles: list[Profile]) -> Iterator[Switch]:
    last: _Seen | None = None
    off: Switch | None = None
    for ping in pings:
        for switch in _told_by(ping, last, off):
            off = switch if switch.upload == "off" else None
            yield switch
        if ping.client_id is not None and not off:
            last = ping
    for profile in profiles:
        if profile.upload_off and off is None:
            off = _told_by_profile(profile, last)
            yield off


def _told_by_profile(profile: Profile, last: _Seen | None) -> Switch:
    """The switch that a profile shows by how it was left: after its last ping with upload on."""
    client = profile.client_id or (last.client_id if last else None)
    moment = max(profile.snapshot, last.moment + 1 if last else 0)
    shown_by, source = profile.shown_by, profile.source
    return Switch(profile.profile, client, "off", moment, None, shown_by, None, source)


def _told_by(ping: _Seen, last: _Seen | None, off: Switch | None) -> list[Switch]:
    """The switches that one ping shows, given the last ping with upload on."""

    def switch(upload: str, client: str | None, at: _Seen | None, shown_by: str) -> Switch:
        moment, received = (at.moment, at.received) if at else (None, None)
        return Switch(
            ping.person, client, upload, moment, received, shown_by, ping.ping, ping.source
        )

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
