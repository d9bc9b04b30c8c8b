"""The table `sources` of our own store: what was imported, and what of it could not be read."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from auditor.report import Unreadable

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Origin:
    """One source, as it was when it was imported last.

    `path` is as it was given, and shown; `place` tells sources apart. `kind` and `digest` are None
    where there is none.
    """

    path: str
    place: str
    kind: str | None
    digest: str | None = None
    pings: int = 0
    events: int = 0
    records: int = 0
    recorded: frozenset[str] = frozenset()
    unreadable: tuple[Unreadable, ...] = ()


def known_origin(database: "Database", place: str) -> int | None:
    """The number of the source from that place, if there has been one."""
    row = database.execute("SELECT id FROM sources WHERE place = ?", [place]).fetchone()
    return None if row is None else int(row[0])


def note_origin(database: "Database", origin: Origin) -> int:
    """Put the source in its row, and give the row's number.

    What was unreadable at an earlier import from the same place no longer counts: this one tells.
    What such an import recorded is still in the store.
    """
    sources, number = database.table("sources"), known_origin(database, origin.place)
    row = asdict(origin)
    row["recorded"] = json.dumps(sorted(origin.recorded))
    row["unreadable"] = _as_json(origin.unreadable)
    if number is None:
        return int(str(sources.insert(row).last_pk))
    before = json.loads(str(sources.get(number)["recorded"]))
    sources.update(number, row | {"recorded": json.dumps(sorted(origin.recorded.union(before)))})
    return number


def note_more(
    database: "Database", number: int, first: int, unreadable: Iterable[Unreadable]
) -> None:
    """Count in a source's row the messages from `first` on, and what else could not be read."""
    sources = database.table("sources")
    row = sources.get(number)
    known = (Unreadable(path=path, reason=why) for path, why in json.loads(str(row["unreadable"])))
    counted = {
        name: int(str(row[name])) + database.table(name).count_where("message >= ?", [first])
        for name in ("pings", "events")
    }
    sources.update(number, counted | {"unreadable": _as_json((*known, *unreadable))})


def _as_json(unreadable: Iterable[Unreadable]) -> str:
    """What could not be read, in a form that is always the same."""
    found = {(part.path, part.reason) for part in unreadable}
    return json.dumps(sorted(found), ensure_ascii=False)


def recorded_by(connection: "sqlite3.Connection") -> frozenset[str]:
    """The tables that at least one source records."""
    rows = connection.execute("SELECT recorded FROM sources").fetchall()
    return frozenset(str(name) for (names,) in rows for name in json.loads(names))


def unreadable_in(connection: "sqlite3.Connection") -> Iterator[Unreadable]:
    """What could not be read of each source, named with the source."""
    rows = connection.execute("SELECT path, unreadable FROM sources ORDER BY id").fetchall()
    for source, parts in rows:
        for path, reason in json.loads(parts):
            named = path if path == source else f"{source}: {path}"
            yield Unreadable(path=named, reason=reason)
