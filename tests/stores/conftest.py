"""Stores to read: real recordings, copies of them to spoil, and pings written by hand."""

import base64
import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lz4.block
import pytest

from auditor.stores import Stores, read_stores
from auditor.stores.intake import Message
from auditor.stores.ping import Found, read_ping

FOUND = Found("0", "source")

PING = "ed1d48a6-777c-421f-9ec6-a34e69957908"
CLIENT = "e02e6401-eaf6-4c88-ba86-a4c7d42128ec"
SESSION = "5b1c0a52-39a4-4e2f-8f2c-0f3a0c2f9d11"

Rows = list[dict[str, Any]]
Ping = dict[str, Any]


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Where the recordings of real browsers lie."""
    return Path(__file__).parent.parent / "recordings"


@pytest.fixture
def copied(recordings: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Copy a part of a recording, to be spoilt."""

    def copy(part: str) -> Path:
        return Path(shutil.copytree(recordings / part, tmp_path / "copy"))

    return copy


@pytest.fixture
def clean(copied: Callable[[str], Path]) -> Path:
    """A copy of the clean profile."""
    return copied("firefox-115-clean/profile")


@pytest.fixture(scope="session")
def read() -> Callable[..., Stores]:
    """Read stores, given as paths."""

    def paths(*stores: Path) -> Stores:
        return read_stores(stores)

    return paths


@pytest.fixture(scope="session")
def rows() -> Callable[[Stores, str], Rows]:
    """Give the rows of a base table."""

    def table(stores: Stores, name: str) -> Rows:
        found: Rows = stores.tables[name].to_pylist()
        return found

    return table


@pytest.fixture(scope="session")
def unreadable() -> Callable[[Stores], dict[str, str]]:
    """Give the reason of each input that could not be read, by its path."""

    def reasons(stores: Stores) -> dict[str, str]:
        return {part.path: part.reason for store in stores.summaries for part in store.unreadable}

    return reasons


@pytest.fixture
def table(read: Callable[..., Stores], rows: Callable[[Stores, str], Rows]) -> Callable[..., Rows]:
    """Read stores, and give the rows of a base table."""

    def of(name: str, *stores: Path) -> Rows:
        return rows(read(*stores), name)

    return of


@pytest.fixture
def reasons(
    read: Callable[..., Stores], unreadable: Callable[[Stores], dict[str, str]]
) -> Callable[[Path], dict[str, str]]:
    """Read a profile, and give the reason of each part that could not be read."""

    def of(profile: Path) -> dict[str, str]:
        return unreadable(read(profile))

    return of


@pytest.fixture(scope="session")
def digests() -> Callable[[Path], dict[str, str]]:
    """Digest every file below a folder, by its path."""

    def files(root: Path) -> dict[str, str]:
        found = (path for path in root.rglob("*") if path.is_file())
        return {path.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}

    return files


@pytest.fixture(scope="session")
def event_ping() -> Callable[..., Ping]:
    """Write an event ping with these events of the parent process; names replace its fields."""

    def ping(*events: object, payload: object = None, **fields: object) -> Ping:
        written = {
            "reason": "periodic",
            "processStartTimestamp": 1_795_502_280_000,
            "sessionId": SESSION,
            "events": {"parent": list(events)},
        }
        return {
            "type": "event",
            "id": PING,
            "creationDate": "2026-11-24T06:38:30.000Z",
            "version": 4,
            "application": {"version": "115.14.0", "channel": "esr"},
            "clientId": CLIENT,
            "payload": written if payload is None else payload,
        } | fields

    return ping


@pytest.fixture(scope="session")
def message(event_ping: Callable[..., Ping]) -> Callable[..., Message]:
    """Read an event ping with these events; names replace its fields."""

    def read(*events: object, **fields: object) -> Message:
        return read_ping(event_ping(*events, **fields), FOUND)

    return read


@pytest.fixture(scope="session")
def packed() -> Callable[[object], bytes]:
    """Write a JSON value as mozLz4."""

    def pack(value: object) -> bytes:
        return b"mozLz40\0" + bytes(lz4.block.compress(json.dumps(value).encode()))

    return pack


@pytest.fixture(scope="session")
def line() -> Callable[..., bytes]:
    """Write a ping as a line of the ingestion edge, with these attributes."""

    def edge(body: object, *, zipped: bool = False, **attributes: object) -> bytes:
        plain = json.dumps(body).encode()
        payload = base64.b64encode(gzip.compress(plain) if zipped else plain).decode()
        return json.dumps({"attributeMap": attributes, "payload": payload}).encode() + b"\n"

    return edge


@pytest.fixture
def received(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of received pings, with these lines."""

    def file(*lines: bytes, name: str = "received.ndjson") -> Path:
        path = tmp_path / name
        path.write_bytes(b"".join(lines))
        return path

    return file


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """An empty profile that is known as one."""
    root = tmp_path / "profile"
    (root / "datareporting" / "archived" / "2026-11").mkdir(parents=True)
    (root / "saved-telemetry-pings").mkdir()
    return root
