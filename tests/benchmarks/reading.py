"""Pings read into base tables, against orjson, which only parses the same bytes."""

import base64
import gzip
import json
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from auditor.stores.intake import Intake, uncollected
from auditor.stores.packed import parse_json
from auditor.stores.ping import Found, read_ping
from auditor.stores.ping_events import NORMANDY
from tests.benchmarks.measuring import Measure, compared
from tests.benchmarks.peak import peak_of

RECORDING = Path("tests/recordings/firefox-115-lifecycle/received.ndjson")
PINGS = 4_000
MANY = 100_000


def measures() -> Iterator[Measure]:
    """Pings of a recording, in which uptake reports prevail, and pings of Normandy's events."""
    recorded = event_pings()
    for name, pings in (("as recorded", recorded), ("Normandy's events", [*map(_own, recorded)])):
        texts = [*_texts(pings, PINGS)]
        size = sum(map(len, texts)) / 1e6
        what = f"{PINGS:,} event pings, {name} ({size:.0f} MB), into base tables"
        yield compared(what, partial(taken_in, texts), "`orjson.loads`", partial(parsed, texts))
    yield memory(recorded)


def event_pings() -> list[dict[str, Any]]:
    """The event pings of a recording."""
    lines = [json.loads(line) for line in RECORDING.read_bytes().splitlines()]
    plain = [base64.b64decode(line["payload"]) for line in lines]
    pings = [json.loads(gzip.decompress(b) if b[:2] == b"\x1f\x8b" else b) for b in plain]
    return [ping for ping in pings if ping.get("type") == "event"]


def _own(ping: dict[str, Any]) -> dict[str, Any]:
    """The ping with Normandy's events alone, four times over."""
    own = {
        process: 4 * [event for event in events if event[1] == NORMANDY]
        for process, events in ping["payload"]["events"].items()
    }
    return ping | {"payload": ping["payload"] | {"events": own}}


def _texts(pings: Sequence[dict[str, Any]], count: int) -> Iterator[bytes]:
    """These pings over and over, each with a document id of its own."""
    for number in range(count):
        ping = pings[number % len(pings)] | {"id": str(uuid.UUID(int=number))}
        yield json.dumps(ping).encode()


def taken_in(texts: Sequence[bytes]) -> None:
    """Read every ping as a store's reader does, up to the base tables' rows."""
    intake = Intake()
    with uncollected():
        for text in texts:
            intake.take(0, read_ping(parse_json(text), Found(intake.key(0), "ping")))
        intake.pack()


def parsed(texts: Sequence[bytes]) -> None:
    """Parse every ping, and no more."""
    for text in texts:
        orjson.loads(text)


def memory(pings: Sequence[dict[str, Any]]) -> Measure:
    """The most memory that an audit takes to read and settle many pings, in one run."""
    with tempfile.TemporaryDirectory() as folder:
        file, size = Path(folder) / "pings.ndjson.gz", 0
        with gzip.open(file, "wb", compresslevel=1) as packed:
            for text in _texts(pings, MANY):
                size += packed.write(text + b"\n")
        peak = peak_of(file).memory
    return Measure(
        f"{MANY:,} event pings read and settled: peak memory",
        f"{peak / 1e6:,.0f} MB",
        "their JSON",
        f"{size / 1e6:,.0f} MB",
        f"{peak / size:.2f}",
    )
