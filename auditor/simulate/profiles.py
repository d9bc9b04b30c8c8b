"""A fleet as the profiles of its clients: a directory each, as Firefox leaves it on disk.

What the browser keeps in IndexedDB (rollouts and add-on studies) is not written.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.history import FILLER, Moment
from auditor.simulate.healthy import draw, drawing, fetched, rows, shards
from auditor.simulate.pings import Told, as_json
from auditor.simulate.planting import Person
from auditor.stores.plain import CANARY
from auditor.stores.records import NIMBUS, PREFERENCE_STUDIES
from auditor.stores.tables import Profile, Record

if TYPE_CHECKING:
    import duckdb

SHARD = 500
"""Clients that are drawn at once."""

_WRITTEN = {"preference_study", "nimbus_experiment"}
_MOZLZ4 = b"mozLz40\0"


@dataclass
class _Left:
    """What one profile holds as it was left."""

    pings: list[Told] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    profile: Profile | None = None


def missing_in_profiles(history: Sequence[Moment]) -> str | None:
    """What of a history no profile here holds, or None."""
    records = [moment for moment in history if moment.what == "record"]
    if any(moment.kind not in _WRITTEN for moment in records):
        return "records in IndexedDB"
    if len({moment.day for moment in records}) > 1:
        return "records of two days"
    if any((moment.document_type or "").startswith("glean:") for moment in history):
        return "pings of Glean"
    return None


def write_profiles(folder: Path, clients: int, seed: int, planted: Sequence[Person]) -> int:
    """Write a directory for each client, and give how many events stand in them."""
    pings = [told for person in planted for told in person.pings]
    records = [record for person in planted for record in person.records]
    events = _write(folder, pings, records, [row for each in planted for row in each.profiles])
    with drawing(seed) as engine:
        for numbers in shards(clients, SHARD):
            draw(engine, numbers)
            events += _write_drawn(folder, engine)
    return events


def _write_drawn(folder: Path, engine: "duckdb.DuckDBPyConnection") -> int:
    records = [Record(**row) for row in rows(engine, "records")]
    profiles = [Profile(**row) for row in rows(engine, "profiles")]
    return _write(folder, _pings(engine), records, profiles)


def _pings(engine: "duckdb.DuckDBPyConnection") -> list[Told]:
    """The pings that were drawn. A copied profile's own computer is not told apart."""
    return fetched(engine.execute("SELECT * FROM told"))


def _write(
    folder: Path, pings: Iterable[Told], records: Iterable[Record], profiles: Iterable[Profile]
) -> int:
    left: defaultdict[str, _Left] = defaultdict(_Left)
    for told in pings:
        left[told["profile"] or told["client_id"]].pings.append(told)
    for record in records:
        left[record.profile].records.append(record)
    for profile in profiles:
        left[profile.profile].profile = profile
    for name, each in left.items():
        digest = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
        _write_one(folder / f"{digest}.default-release", each, name)
    return sum(len(told["events"]) for each in left.values() for told in each.pings)


def _write_one(root: Path, left: _Left, name: str) -> None:
    root.mkdir()
    reporting = root / "datareporting"
    reporting.mkdir()
    for told in left.pings:
        _archive(reporting / "archived", told)
    last = max(left.pings, key=lambda told: told["created"], default=None)
    profile = left.profile or _last_seen(last or {}, name)
    _write_json(reporting / "state.json", {"clientID": profile.client_id or CANARY})
    _write_json(reporting / "session-state.json", {"sessionId": profile.session_id})
    (root / "prefs.js").write_text(_preferences(profile), encoding="utf-8")
    _write_records(root, left.records)


def _archive(folder: Path, told: Told) -> None:
    """Keep a ping as the browser archives it (TelemetryArchive): by month, time, id and type."""
    import lz4.block

    month = folder / datetime.fromtimestamp(told["created"] / 1000, UTC).strftime("%Y-%m")
    month.mkdir(parents=True, exist_ok=True)
    name = f"{told['created']}.{told['ping']}.{told['document_type']}.jsonlz4"
    data = json.dumps(as_json(told), separators=(",", ":")).encode()
    (month / name).write_bytes(_MOZLZ4 + lz4.block.compress(data))


def _last_seen(told: Told, name: str) -> Profile:
    """The profile of one whose pings alone are told, as the last of them shows it."""
    off = told["client_id"] == CANARY or told["document_type"] == "deletion-request"
    return Profile(
        profile=name,
        snapshot=told["created"],
        number=0,
        client_id=None if off else told["client_id"],
        user_id=None,
        session_id=told["session_id"],
        upload_off=off,
        shown_by="preference",
        source="prefs.js",
    )


def _preferences(profile: Profile) -> str:
    """What Firefox would write of these: a preference at its default value is in no file."""
    prefs: dict[str, str | int | bool] = {
        # Seconds, never before what the profile tells of.
        "app.update.lastUpdateTime.recipe-client-addon-run": -(-profile.snapshot // 1000),
        "toolkit.telemetry.cachedClientID": profile.client_id or CANARY,
    }
    if profile.user_id:
        prefs["app.normandy.user_id"] = profile.user_id
    if profile.upload_off:
        prefs["datareporting.healthreport.uploadEnabled"] = False
    lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in sorted(prefs.items()))
    return "".join(("// Mozilla User Preferences\n\n", *lines))


def _write_records(root: Path, records: Iterable[Record]) -> None:
    """What Normandy and Nimbus keep in JSON files, by the names of studies."""
    studies: dict[str, dict[str, Any]] = {}
    nimbus: dict[str, dict[str, Any]] = {}
    for record in records:
        entry = {"slug": record.slug, "enrollmentId": _id(record)}
        entry = {key: value for key, value in entry.items() if value is not None}
        if record.kind == "preference_study":
            studies[record.slug] = entry | {"expired": record.ended, "preferences": {}}
        elif record.kind == "nimbus_experiment":
            nimbus[record.slug] = entry | {"active": not record.ended}
    if studies:
        _write_json(root / PREFERENCE_STUDIES, {"experiments": studies})
    if nimbus:
        _write_json(root / NIMBUS, nimbus)


def _id(record: Record) -> str | None:
    return FILLER if record.filler else record.enrollment_id


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")
