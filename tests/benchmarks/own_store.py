"""Our own store read back, against a plain `fetchall()` of its events."""

import random
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from auditor.stores import own
from auditor.stores.files import Source
from auditor.stores.intake import Intake, Message
from auditor.stores.own.columns import read_tables
from auditor.stores.own.content import Addition
from auditor.stores.own.messages import as_kept
from auditor.stores.own.schema import columns_of, opened, writing
from auditor.stores.own.sources import Origin, note_origin
from auditor.stores.ping_events import NORMANDY, take_events
from auditor.stores.tables import Ping
from tests.benchmarks.measuring import Measure, compared

A_PING = 5
EVENTS = 500_000
START = 1_700_000_000_000


def messages(events: int) -> Iterator[Message]:
    """Pings of five events each, as Firefox sends them: every ID is another."""
    chance = random.Random(1)  # noqa: S311 - the same store in every run, and nothing secret
    for number in range(events // A_PING):
        document, client = (str(uuid.UUID(int=chance.getrandbits(128))) for _ in range(2))
        ping = Ping("", document, None, f"received.ndjson:{number}", "event", client)
        message = Message(ping._replace(created=START + number, version="115.14.0", major=115))
        listed = []
        for position in range(A_PING):
            extra = {
                "enrollmentId": str(uuid.UUID(int=chance.getrandbits(128))),
                "branch": chance.choice(["control", "treatment"]),
                "reason": chance.choice(["recipe-not-seen", "user-preference-changed"]),
            }
            slug = f"pref-something-bug-{chance.randrange(500)}"
            event = [1000 * position, NORMANDY, "unenroll", "preference_study", slug, extra]
            listed.append(event)
        take_events(message, "parent", listed, all_timed=True)
        yield message


def write(path: Path, events: int) -> int:
    """Make the store."""
    with opened(path) as database, writing(database):
        origin = note_origin(database, Origin("generated", "generated", "received-pings"))
        Addition(database, origin).add(as_kept(messages(events)))
        return database.table("events").count


def plain(path: Path) -> int:
    """What its stored columns cost as Python objects: none generated, and no list taken apart."""
    with closing(sqlite3.connect(path)) as connection:
        names = ", ".join(f'"{column}"' for column in columns_of("events"))
        return len(connection.execute(f"SELECT {names} FROM events").fetchall())  # noqa: S608


def columns(path: Path) -> int:
    """The tables as an audit needs them."""
    return len(read_tables(path, 0)["events"])


def whole(path: Path) -> int:
    """The whole store as an audit reads it: copied, digested, every table."""
    intake = Intake()
    own.read(Source(path), 0, intake)
    return intake.tallies[0].events


def measures() -> Iterator[Measure]:
    """The tables alone, and all that an audit does to read the store."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        events = write(path, EVENTS)
        for name, read in (("its tables", columns), ("the whole store", whole)):
            what = f"our own store of {events:,} events: {name}"
            told = compared(
                what, partial(read, path), "`fetchall()` of events", partial(plain, path)
            )
            speed = events / float(told.ours.split()[0])
            yield told._replace(ours=f"{told.ours} ({speed:,.0f} events a second)")
