"""Whatever bytes a store holds, its reader refuses them in one way or reads them."""

import base64
import contextlib
import json
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import cramjam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.stores import read_recipes, read_stores
from auditor.stores.files import Source
from auditor.stores.indexeddb import DATABASES, FOLDER, rows
from auditor.stores.packed import UnreadableError, gunzip, parse_json, unpack_mozlz4
from auditor.stores.ping import Found, read_ping
from auditor.stores.preferences import parse_preferences
from auditor.stores.structured_clone import load

RECORDINGS = Path(__file__).parent.parent / "recordings"
CLEAN = RECORDINGS / "firefox-115-clean"
PROFILE = CLEAN / "profile"
PINGS = sorted((PROFILE / "datareporting" / "archived").rglob("*.jsonlz4"))
DATABASE = PROFILE / FOLDER / "3561288849sdhlie.sqlite"
PING = "ed1d48a6-777c-421f-9ec6-a34e69957908"

moderate = settings(max_examples=60, deadline=None)
few = settings(max_examples=25, deadline=None)

Change = tuple[float, bytes]
changes = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=8)), min_size=1, max_size=6
)

FOUND = Found("0", "source")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


def _spoilt(data: bytes, spots: list[Change]) -> bytes:
    """The data with bytes overwritten at these spots, of which an empty one cuts it short."""
    for where, by in spots:
        at = int(where * len(data))
        data = data[:at] + by + data[at + len(by) :] * bool(by)
    return data


def _read(reader: Callable[[], object]) -> None:
    with contextlib.suppress(UnreadableError):
        reader()


@pytest.mark.parametrize("reader", [gunzip, unpack_mozlz4, parse_json, load])
@moderate
@given(data=st.binary(max_size=300))
def test_any_bytes(reader: Callable[[bytes], object], data: bytes) -> None:
    """Arbitrary bytes are read or refused."""
    _read(lambda: reader(data))


@pytest.mark.parametrize(
    ("reader", "magic"),
    [(gunzip, b"\x1f\x8b\x08\0"), (unpack_mozlz4, b"mozLz40\0"), (load, b"\0\0\0\0\0\0\xf1\xff")],
)
@moderate
@given(data=st.binary(max_size=300))
def test_any_bytes_after_the_magic(
    reader: Callable[[bytes], object], magic: bytes, data: bytes
) -> None:
    """Arbitrary bytes after a right beginning are read or refused."""
    _read(lambda: reader(magic + data))


words = st.tuples(
    st.integers(0, 12) | st.sampled_from([1 << 31, (1 << 31) + 8, (1 << 32) - 1]),
    st.sampled_from([0, 0xFFF00000, 0xFFF10000, *range(0xFFFF0000, 0xFFFF0015)]),
)


@moderate
@given(st.lists(words, max_size=30))
def test_any_words(clone: list[tuple[int, int]]) -> None:
    """Words with the tags of structured clones, in any order, are read or refused."""
    data = b"".join(low.to_bytes(4, "little") + tag.to_bytes(4, "little") for low, tag in clone)
    _read(lambda: load(data))


def _records() -> list[bytes]:
    with closing(sqlite3.connect(f"file:{DATABASE}?immutable=1", uri=True)) as connection:
        found = connection.execute("SELECT data FROM object_data").fetchall()
    return [bytes(cramjam.snappy.decompress_raw(data)) for (data,) in found]


@moderate
@given(record=st.sampled_from(_records()), spots=changes)
def test_spoilt_record(record: bytes, spots: list[Change]) -> None:
    """A real record with some bytes overwritten is read or refused."""
    _read(lambda: load(_spoilt(record, spots)))


@few
@given(changes)
def test_spoilt_database(spots: list[Change]) -> None:
    """A real database with some bytes overwritten is read or refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / DATABASE.name
        path.write_bytes(_spoilt(DATABASE.read_bytes(), spots))
        _read(lambda: list(rows(Source(path.parent), path, "addon-studies")))


@few
@given(st.binary(max_size=300))
def test_any_packed_record(data: bytes) -> None:
    """A database whose record is arbitrary bytes, packed or not, is read or refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / DATABASE.name
        path.write_bytes(DATABASE.read_bytes())
        for record in (data, bytes(cramjam.snappy.compress_raw(data))):
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.execute("DROP TRIGGER IF EXISTS object_data_update_trigger")
                connection.execute("UPDATE object_data SET data = ?", (record,))
            _read(lambda: list(rows(Source(path.parent), path, "addon-studies")))


@moderate
@given(ping=st.sampled_from(PINGS), spots=changes)
def test_spoilt_ping(ping: Path, spots: list[Change]) -> None:
    """A real ping with some bytes overwritten, packed or not, is read or refused."""
    data = ping.read_bytes()
    plain = unpack_mozlz4(data)
    _read(lambda: read_ping(parse_json(unpack_mozlz4(_spoilt(data, spots))), FOUND))
    _read(lambda: read_ping(parse_json(_spoilt(plain, spots)), FOUND))


def _mixed(value: object, path: tuple[int, ...], by: object) -> object:
    """The value with another in the place to which the path leads."""
    if not path or not isinstance(value, dict | list) or not value:
        return by
    first, *rest = path
    if isinstance(value, list):
        at = first % len(value)
        return [*value[:at], _mixed(value[at], tuple(rest), by), *value[at + 1 :]]
    key = sorted(value)[first % len(value)]
    return value | {key: _mixed(value[key], tuple(rest), by)}


def _written(event: object) -> dict[str, Any]:
    experiments = {"slug": {"branch": "a", "type": "normandy-exp", "enrollmentId": PING}}
    scalars = {"parent": {"keyedScalars": {"normandy.recipe_freshness": {"1": 2}}}}
    payload = {"sessionId": "s", "processStartTimestamp": 0, "processes": scalars}
    return {
        "id": PING,
        "type": "event",
        "clientId": PING,
        "creationDate": "2026-11-24T06:38:30.000Z",
        "application": {"version": "115.14.0", "channel": "esr"},
        "environment": {"experiments": experiments},
        "payload": payload | {"events": {"parent": [event]}},
    }


EVENTS = [
    [1, "normandy", "enroll", "preference_study", "slug", {"enrollmentId": PING}],
    [1, "uptake.remotecontent.result", "uptake", "normandy", "success", {"source": "x"}],
]


def _audited(name: str, data: bytes) -> None:
    """Read a store with this file through all of the readers, as far as the base tables."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "store"
        (root / name).parent.mkdir(parents=True)
        (root / "prefs.js").write_bytes(b"")
        (root / name).write_bytes(data)
        read_stores([root])


@moderate
@given(
    event=st.sampled_from(EVENTS),
    path=st.lists(st.integers(0, 9), min_size=1, max_size=6).map(tuple),
    by=json_values,
)
def test_ping_with_anything_in_it(event: object, path: tuple[int, ...], by: object) -> None:
    """A ping in which any part is any JSON comes through to the base tables or is named."""
    ping = _mixed(_written(event), path, by)
    _audited(f"saved-telemetry-pings/{PING}", json.dumps(ping).encode())


@moderate
@given(path=st.lists(st.integers(0, 9), min_size=1, max_size=5).map(tuple), by=json_values)
def test_studies_with_anything_in_them(path: tuple[int, ...], by: object) -> None:
    """Studies of which any part is any JSON come through to the base tables or are named."""
    name = "shield-preference-experiments.json"
    _audited(name, json.dumps(_mixed(json.loads((PROFILE / name).read_text()), path, by)).encode())


@few
@given(
    name=st.sampled_from(
        [
            "prefs.js",
            "user.js",
            "datareporting/state.json",
            "datareporting/session-state.json",
            "shield-preference-experiments.json",
            "ExperimentStoreData.json",
            "datareporting/archived/2026-11/1.json",
            "datareporting/aborted-session-ping",
            *((FOLDER / database).as_posix() for database in DATABASES),
        ]
    ),
    data=st.binary(max_size=200),
)
def test_part_of_any_bytes(name: str, data: bytes) -> None:
    """A profile of which any part is arbitrary bytes is read, and the part is perhaps named."""
    _audited(name, data)


@few
@given(changes)
def test_spoilt_received_pings(spots: list[Change]) -> None:
    """Received pings with some bytes overwritten are read, and lines of them perhaps named."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "received.ndjson"
        path.write_bytes(_spoilt((CLEAN / "received.ndjson").read_bytes(), spots))
        read_stores([path])


@moderate
@given(attributes=json_values, payload=json_values)
def test_received_anything(attributes: object, payload: object) -> None:
    """A line with any JSON for attributes and any for a ping comes through or is named."""
    body = base64.b64encode(json.dumps(payload).encode()).decode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "received.ndjson"
        path.write_text(json.dumps({"attributeMap": attributes, "payload": body}))
        read_stores([path])


@moderate
@given(st.text(st.sampled_from("user_pref(\"'\\,;) \n/*#x41u0e9tr-7"), max_size=80) | st.text())
def test_any_preferences(text: str) -> None:
    """Any text is read as preferences, of which every name and text is one that UTF-8 can hold."""
    for name, value in parse_preferences(text).items():
        assert (name + str(value)).encode()


@moderate
@given(json_values)
def test_any_recipes(value: object) -> None:
    """Any JSON is read for recipes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recipes.json"
        path.write_text(json.dumps([{"arguments": value}, value]))
        _read(lambda: read_recipes(path))
