"""From whole stores to the few rows that break the rule: those near the finding, then fewer."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from auditor.engines.asking import Breach
from auditor.reproduce.deltas import smallest
from auditor.reproduce.rows import Row, rows_of
from auditor.stores.own.messages import PARTS

if TYPE_CHECKING:
    import pyarrow as pa

    Tables = Mapping[str, pa.Table]

Shows = Callable[[Sequence[Row]], bool]
"""Whether rows show the finding."""


def narrowed(
    breach: Breach,
    settled: "Tables",
    recorded: "Tables",
    reads: Collection[str],
    shows: Shows,
) -> list[Row]:
    """The fewest rows that show the finding: each of them is needed. Empty when none do.

    `reads` names the tables that the rule's view is mostly made of, which often are enough.
    """
    for near in _ever_wider(breach, settled, recorded):
        rows = rows_of(near)
        likely = [row for row in rows if row.table in {"pings", "profiles", *reads}]
        for some in (likely, rows):
            if shows(some):
                return _fewest(some, shows)
    return []


def _ever_wider(breach: Breach, settled: "Tables", recorded: "Tables") -> "Iterator[Tables]":
    """What lies near the finding: its places, its persons' switches, all of its persons, all."""
    places = {place.ping for place in breach.places if place.ping}
    persons = {place.person for place in breach.places if place.person}
    turning = places | _of(persons, settled["switches"], "ping")
    numbers = _of(persons, settled["profiles"], "number")
    stored = numbers if any(place.ping is None for place in breach.places) else set()
    yield _near(recorded, places, stored)
    yield _near(recorded, turning, numbers)
    yield _near(recorded, _of(persons, settled["pings"], "ping") | places, numbers)
    yield recorded


def _of(persons: set[str], table: "pa.Table", column: str) -> set[object]:
    return {*table.filter(_among(table["person"], persons))[column].drop_null().to_pylist()}


def _near(
    recorded: "Tables", pings: Collection[object], profiles: Collection[object]
) -> "dict[str, pa.Table]":
    """The tables with these pings, by document id, and profiles, by number; and all recipes."""
    near = dict(recorded)
    near["pings"] = recorded["pings"].filter(_among(recorded["pings"]["ping"], pings))
    messages = set(near["pings"]["message"].to_pylist())
    for name in PARTS:
        near[name] = recorded[name].filter(_among(recorded[name]["message"], messages))
    for name in ("profiles", "records"):
        near[name] = recorded[name].filter(_among(recorded[name]["number"], profiles))
    return near


def _among(column: "pa.ChunkedArray", wanted: Collection[object]) -> "pa.ChunkedArray":
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.is_in(column, value_set=pa.array([*wanted], column.type))


def _fewest(rows: Sequence[Row], shows: Shows) -> list[Row]:
    """First whole pings and profiles are left out, then their parts, until neither can be."""

    @cache
    def enough(kept: tuple[int, ...]) -> bool:
        return shows([rows[number] for number in kept])

    kept: list[int] = [*range(len(rows))]
    before = None
    while kept != before:
        before = kept
        kept = _without_owners(rows, kept, enough)
        kept = _without_parts(rows, kept, enough)
    return [rows[number] for number in kept]


Enough = Callable[[tuple[int, ...]], bool]


def _without_owners(rows: Sequence[Row], kept: Sequence[int], enough: Enough) -> list[int]:
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for number in kept:
        groups[rows[number].owner].append(number)

    def joined(owners: Sequence[str]) -> tuple[int, ...]:
        return tuple(number for owner in owners for number in groups[owner])

    return [*joined(smallest([*groups], lambda owners: enough(joined(owners))))]


def _without_parts(rows: Sequence[Row], kept: Sequence[int], enough: Enough) -> list[int]:
    whole = [number for number in kept if not rows[number].is_part]
    parts = [number for number in kept if rows[number].is_part]

    def joined(some: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted([*whole, *some]))

    return [*joined(smallest(parts, lambda some: enough(joined(some))))]
