"""Whatever stands in fifty megabytes, its reader needs neither much memory nor long."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from auditor.stores.own.schema import columns_of
from auditor.stores.own.writing import Writer
from auditor.stores.packed import LARGEST_PING
from auditor.stores.ping import Found, read_ping
from tests.benchmarks.peak import peak_of

SIZE = 50 << 20
MOST_MEMORY = 1 << 30
HANGS = 30.0
"""Seconds of the processor: idle, it takes less than five. This is no measure of speed."""

PING = b'{"id":"ed1d48a6-777c-421f-9ec6-a34e69957908","type":"event","payload":{"events":{"parent":'


def pings(path: Path, events: bytes) -> Path:
    """Seven files of pings, each as large as a ping may be and full of such events."""
    path.mkdir()
    room = LARGEST_PING - len(PING) - 8
    listed = b"[" + b",".join([events] * (room // (len(events) + 1))) + b"]"
    for number in range(7):
        (path / f"{number}.json").write_bytes(PING + listed + b"}}}")
    return path


def lines(path: Path, line: bytes) -> Path:
    """A file of such lines."""
    file = path.with_suffix(".ndjson")
    file.write_bytes((line + b"\n") * (SIZE // (len(line) + 1)))
    return file


def profile(path: Path, name: str, part: bytes, before: bytes = b"", after: bytes = b"") -> Path:
    """A profile with a large file of that name."""
    path.mkdir()
    (path / "prefs.js").write_bytes(b'user_pref("toolkit.telemetry.cachedClientID", "");\n')
    (path / name).write_bytes(before + part * (SIZE // len(part)) + after)
    return path


def recipes(path: Path, part: bytes) -> Path:
    """A file of recipes, all of such parts."""
    path.mkdir()
    file = path / "recipes.json"
    file.write_bytes(b"[" + part * (SIZE // len(part)) + b"0]")
    return file


def own(path: Path, extras: str, rows: int) -> Path:
    """A store of ours in which so many events have such extras."""
    file = path.with_suffix(".db")
    with Writer(file, "a recorder") as writer:
        writer.append([MESSAGE])
    columns = ", ".join(columns_of("events").keys() - {"extras"})
    copies = "WITH RECURSIVE copies AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM copies LIMIT ?) "
    copies += f"INSERT INTO events ({columns}, extras) SELECT {columns}, ? FROM events, copies"  # noqa: S608 - our own names
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(copies, [rows, extras])
    return file


def many(size: int) -> str:
    """Extras of one letter each."""
    return "{" + '"a":"",' * (size // 7) + '"b":""}'


MESSAGE = read_ping(
    json.loads(PING + b'[[1,"normandy","enroll","preference_study"]]}}}'), Found("0", "source")
)

CASES: dict[str, Callable[[Path], Path]] = {
    "pings with events that are none": lambda path: pings(path, b"1"),
    "pings with lists in the place of events": lambda path: pings(path, b"[]"),
    "pings with events of other categories": lambda path: pings(path, b'[1,"","",""]'),
    "lines that are no JSON": lambda path: lines(path, b"x"),
    "lines that are no ping": lambda path: lines(path, b"{}"),
    "lines as long as they may be": lambda path: lines(path, b"[" + b"[]," * 5_592_000 + b"0]"),
    "a line without an end": lambda path: lines(path, b"x" * (SIZE - 1)),
    "preferences of one letter": lambda path: profile(path, "prefs.js", b'user_pref("a", 1);\n'),
    "preferences cut short": lambda path: profile(path, "prefs.js", b'user_pref("'),
    "preferences that are a comment": lambda path: profile(path, "prefs.js", b"/*"),
    "studies that are lists": lambda path: profile(
        path, "shield-preference-experiments.json", b"[],", b"[", b"0]"
    ),
    "recipes that are lists": lambda path: recipes(path, b"[],"),
    "recipes that are objects": lambda path: recipes(path, b'{"":1},'),
    "recipes nested in one another": lambda path: recipes(path, b"[" * 500 + b"]" * 500 + b","),
    "a store with one large extra": lambda path: own(path, json.dumps({"a": "b" * SIZE}), 1),
    "a store with many extras": lambda path: own(path, many(SIZE), 1),
    "a store with events of many extras": lambda path: own(path, many(SIZE // 10), 10),
    "a store with nothing but events": lambda path: own(path, "{}", SIZE // 100),
}


@pytest.mark.parametrize("case", CASES)
def test_bounds(tmp_path: Path, case: str) -> None:
    """Fifty megabytes are read, or refused, within a gibibyte, and without a hang."""
    peak = peak_of(CASES[case](tmp_path / "store"))
    assert (peak.memory < MOST_MEMORY, peak.seconds < HANGS) == (True, True), peak
