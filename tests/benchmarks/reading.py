"""How long reading pings takes, against parsing the same JSON with orjson: run as a module.

Both work on the same decompressed bytes, in turn, in the same run; the ratio of medians is printed.
"""

import base64
import gzip
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson

from auditor.stores import read_stores
from auditor.stores.files import parse_json
from auditor.stores.intake import Intake
from auditor.stores.ping import Found, read_ping

RECORDING = Path("tests/recordings/firefox-115-lifecycle/received.ndjson")
PINGS = 4_000
RUNS = 5


def bodies() -> list[bytes]:
    """Event pings of a recording over and over, each with a document id of its own."""
    lines = [json.loads(line) for line in RECORDING.read_bytes().splitlines()]
    plain = [base64.b64decode(line["payload"]) for line in lines]
    pings = [json.loads(gzip.decompress(b) if b[:2] == b"\x1f\x8b" else b) for b in plain]
    events = [ping for ping in pings if ping.get("type") == "event"]
    return [
        json.dumps(events[n % len(events)] | {"id": str(uuid.UUID(int=n))}).encode()
        for n in range(PINGS)
    ]


def taken_in(texts: list[bytes]) -> None:
    """Read every ping as a store's reader does, up to the base tables' rows."""
    intake = Intake()
    for text in texts:
        intake.take(0, read_ping(parse_json(text), Found(intake.key(0), "ping")))
    intake.pack()


def parsed(texts: list[bytes]) -> None:
    """Parse every ping, and no more."""
    for text in texts:
        orjson.loads(text)


def timed(work: Callable[[list[bytes]], None], texts: list[bytes]) -> float:
    """Seconds that the work takes."""
    begun = time.perf_counter()
    work(texts)
    return time.perf_counter() - begun


def table(texts: list[bytes]) -> Iterator[str]:
    """The figures, a line each."""
    pairs = [(timed(taken_in, texts), timed(parsed, texts)) for _ in range(RUNS)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    megabytes = sum(map(len, texts)) / 1e6
    yield f"{PINGS:,} event pings, {megabytes:.0f} MB of JSON, median of {RUNS} runs"
    yield f"reading into base tables  {ours:.2f} s"
    yield f"orjson.loads              {theirs:.2f} s"
    yield f"ratio                     {ours / theirs:.1f}"


def audited(texts: list[bytes]) -> float:
    """Seconds to read the same pings from a file and settle them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pings.ndjson"
        file.write_bytes(b"\n".join(texts))
        begun = time.perf_counter()
        read_stores([file])
        return time.perf_counter() - begun


def main() -> None:
    """Print the table."""
    texts = bodies()
    for line in (*table(texts), f"a whole store, settled    {audited(texts):.2f} s"):
        print(line)  # noqa: T201 - a benchmark's output


if __name__ == "__main__":
    main()
