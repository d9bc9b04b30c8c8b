"""How fast our own store is read: events a second, and against a plain `fetchall()` of its events.

Run it as `python tests/benchmarks/own_store.py [EVENTS]`. The figures of one run hold against each
other; against those of another day or machine they say little.
"""

import random
import sqlite3
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from auditor.stores import own
from auditor.stores.files import Source
from auditor.stores.intake import Intake, Message
from auditor.stores.own.columns import read_columns
from auditor.stores.own.content import Addition
from auditor.stores.own.schema import columns_of, opened, writing
from auditor.stores.own.sources import Origin, note_origin
from auditor.stores.ping_events import Place, event_of
from auditor.stores.tables import Ping

A_PING = 5
ROUNDS = 3
START = 1_700_000_000_000


def messages(events: int) -> Iterator[Message]:
    """Pings of five events each, as Firefox sends them: every ID is another."""
    chance = random.Random(1)  # noqa: S311 - the same store in every run, and nothing secret
    for number in range(events // A_PING):
        document, client = (str(uuid.UUID(int=chance.getrandbits(128))) for _ in range(2))
        ping = Ping("", document, None, f"received.ndjson:{number}", "event", client)
        message = Message(ping._replace(created=START + number, version="115.14.0", major=115))
        for position in range(A_PING):
            extra = {
                "enrollmentId": str(uuid.UUID(int=chance.getrandbits(128))),
                "branch": chance.choice(["control", "treatment"]),
                "reason": chance.choice(["recipe-not-seen", "user-preference-changed"]),
            }
            slug = f"pref-something-bug-{chance.randrange(500)}"
            event = event_of(
                Place("", "parent", position), "unenroll", "preference_study", slug, extra
            )
            message.events.append(event._replace(offset=1000 * position))
        yield message


def write(path: Path, events: int) -> int:
    """Make the store."""
    with opened(path) as database, writing(database):
        origin = note_origin(database, Origin("generated", "generated", "received-pings"))
        Addition(database, origin).add(messages(events))
        return database.table("events").count


def plain(path: Path) -> int:
    """What its stored columns cost as Python objects: none generated, and no list taken apart."""
    with closing(sqlite3.connect(path)) as connection:
        names = ", ".join(f'"{column}"' for column in columns_of("events"))
        return len(connection.execute(f"SELECT {names} FROM events").fetchall())  # noqa: S608


def columns(path: Path) -> int:
    """The events as an audit needs them."""
    return len(read_columns(path, "events", 0))


def whole(path: Path) -> int:
    """The whole store as an audit reads it: copied, digested, every table."""
    intake = Intake()
    own.read(Source(path), 0, intake)
    return intake.tallies[0].events


def best(read: Callable[[], int], rounds: int = ROUNDS) -> tuple[float, int]:
    """The seconds of the fastest of some rounds, and what was read."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        rows = read()
        seconds.append(time.perf_counter() - start)
    return min(seconds), rows


def main(events: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        made, _ = best(lambda: write(path, events), rounds=1)
        ways = {
            "fetchall() of events": lambda: plain(path),
            "events as Arrow": lambda: columns(path),
            "the whole store": lambda: whole(path),
        }
        told = {name: best(read) for name, read in ways.items()}
        size = path.stat().st_size / 1e6
    say = sys.stdout.write
    say(f"{events:,} events, {size:,.0f} MB; written at {events / made:,.0f} a second\n")
    slowest = told["fetchall() of events"][0]
    for name, (seconds, rows) in told.items():
        say(f"{name:<22}{rows / seconds:>12,.0f} events a second{slowest / seconds:>8.2f} times\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)
