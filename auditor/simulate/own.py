"""A fleet as a store of auditor's own: all that profiles hold, records on disk included."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.simulate.healthy import draw, drawing, rows, shards
from auditor.simulate.pings import Told, as_message
from auditor.simulate.planting import Person
from auditor.stores.intake import Message
from auditor.stores.own.content import Addition
from auditor.stores.own.messages import as_kept
from auditor.stores.own.schema import opened, writing
from auditor.stores.own.sources import Origin, note_origin
from auditor.stores.tables import TABLES, Profile, Record

if TYPE_CHECKING:
    import duckdb

SHARD = 500
"""Clients that are added at once: each names its pings anew among all that were added with it."""

_AT_ONCE = 2_000
_ORIGIN = Origin(
    "a simulated fleet", "simulate", "simulated", recorded=frozenset({*TABLES, "switches"})
)


def write_store(path: Path, clients: int, seed: int, planted: Sequence[Person]) -> int:
    """Write the store, and give how many events stand in it."""
    with opened(path) as database, writing(database), drawing(seed) as engine:
        origin = note_origin(database, _ORIGIN)
        for numbers in shards(clients, SHARD):
            draw(engine, numbers)
            Addition(database, origin).add(
                as_kept(_messages(engine)),
                [Profile(**row) for row in rows(engine, "profiles")],
                [Record(**row) for row in rows(engine, "records")],
            )
        Addition(database, origin).add(
            as_kept(_message(told, person.name) for person in planted for told in person.pings),
            [profile for person in planted for profile in person.profiles],
            [record for person in planted for record in person.records],
            [recipe for person in planted for recipe in person.recipes],
        )
        return database.table("events").count + database.table("uptake").count


def _messages(engine: "duckdb.DuckDBPyConnection") -> Iterator[Message]:
    found = engine.execute("SELECT * FROM told")
    names = [column[0] for column in found.description or ()]
    while rows := found.fetchmany(_AT_ONCE):
        for row in rows:
            told = dict(zip(names, row, strict=True))
            yield _message(told, f"{told['profile']}, {told['ping']}")


def _message(told: Told, source: str) -> Message:
    return as_message(told, "", source, at_server=False)
