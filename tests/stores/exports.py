"""Recordings written as the warehouse exports them: flattened or nested, in each of its forms.

What BigQuery does to a ping is done here as its documentation says: names in snake case, maps as
repeated `key` and `value`, events as `f0_` to `f5_`, unknown fields in `additional_properties`, and
in NDJSON integers as text, `UTC` after times, and columns without a value left out.
"""

import base64
import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fastavro
import pyarrow as pa
import pyarrow.parquet as pq

Row = dict[str, Any]

TABLES = {"event": "event_v4", "main": "main_v5", "deletion-request": "deletion_request_v4"}
PROCESSES = ("content", "dynamic", "extension", "gpu", "parent", "socket")

_KEYS = ("document_id", "client_id", "profile_group_id")


def received(path: Path) -> Iterator[tuple[Row, str]]:
    """The pings of Firefox's own telemetry in a recording, each with its time of receipt."""
    for line in path.read_text(encoding="utf-8").splitlines():
        message = json.loads(line)
        body = base64.b64decode(message["payload"])
        ping = json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
        if ping.get("type") in TABLES:
            yield ping, message["attributeMap"]["submission_timestamp"]


def flattened(ping: Row, at: str) -> Iterator[Row]:
    """The rows of `event_events_v1` for a ping: one for each of its events."""
    payload, application = ping["payload"], ping["application"]
    for process, events in payload.get("events", {}).items():
        for offset, category, method, name, *rest in events:
            value, extra = (*rest, None, None)[:2]
            yield {
                "submission_date": moment(at).date(),
                "document_id": ping["id"],
                "client_id": ping.get("clientId"),
                "normalized_channel": application["channel"],
                "country": "??",
                "app_name": "Firefox",
                "app_version": application["version"],
                "os": "Linux",
                "experiments": experiments(ping),
                "sample_id": 42,
                "session_id": payload["sessionId"],
                "session_start_time": datetime.fromtimestamp(
                    payload["processStartTimestamp"] / 1000, UTC
                ),
                "subsession_id": payload["subsessionId"],
                "timestamp": moment(at),
                "event_timestamp": offset,
                "event_category": category,
                "event_method": method,
                "event_object": name,
                "event_string_value": value,
                "event_map_values": pairs(extra or {}),
                "event_process": process,
                "build_id": application["buildId"],
                "is_default_browser": False,
                "system_memory_mb": 8192.5,
                "profile_group_id": ping.get("profileGroupId"),
            }


def nested(ping: Row, at: str) -> Row:
    """The row of `event_v4`, `main_v5` or `deletion_request_v4` for a ping."""
    application = ping["application"]
    row = {
        "submission_timestamp": moment(at),
        "document_id": ping["id"],
        "client_id": ping.get("clientId"),
        "profile_group_id": ping.get("profileGroupId"),
        "creation_date": ping["creationDate"],
        "sample_id": 42,
        "normalized_channel": application["channel"],
        "application": {"version": application["version"], "channel": application["channel"]},
        "environment": {"experiments": experiments(ping)},
        "payload": _PAYLOADS[ping["type"]](ping["payload"]),
        "additional_properties": None,
    }
    if ping["type"] == "deletion-request":
        del row["environment"]
    return row


def _event_payload(payload: Row) -> Row:
    return {
        "reason": payload["reason"],
        "session_id": payload["sessionId"],
        "subsession_id": payload["subsessionId"],
        "process_start_timestamp": payload["processStartTimestamp"],
        "lost_events_count": payload["lostEventsCount"],
        "events": {
            process: [_tuple(event) for event in payload["events"].get(process, [])]
            for process in PROCESSES
        },
    }


def _main_payload(payload: Row) -> Row:
    scalars = payload["processes"]["parent"].get("keyedScalars", {})
    return {
        "info": {"reason": payload["info"]["reason"], "session_id": payload["info"]["sessionId"]},
        "processes": {
            "parent": {
                "keyed_scalars": {
                    name: [
                        {"key": key, "value": value}
                        for key, value in scalars.get(name.replace("_", ".", 1), {}).items()
                    ]
                    for name in (
                        "normandy_recipe_freshness",
                        "telemetry_keyed_scalars_exceed_limit",
                    )
                }
            }
        },
    }


def _request_payload(payload: Row) -> Row:
    found = payload.get("scalars", {}).get("parent", {})
    context = found.get("deletion.request.context_id")
    return {"scalars": {"parent": {"deletion_request_context_id": context}}}


_PAYLOADS: dict[str, Callable[[Row], Row]] = {
    "event": _event_payload,
    "main": _main_payload,
    "deletion-request": _request_payload,
}


def _tuple(event: list[Any]) -> Row:
    offset, category, method, name, *rest = event
    value, extra = (*rest, None, None)[:2]
    return {
        "f0_": offset,
        "f1_": category,
        "f2_": method,
        "f3_": name,
        "f4_": value,
        "f5_": pairs(extra or {}),
    }


def experiments(ping: Row) -> list[Row]:
    """The experiments of a ping's environment."""
    found = ping.get("environment", {}).get("experiments", {})
    return [
        {
            "key": slug,
            "value": {
                "branch": entry.get("branch"),
                "enrollment_id": entry.get("enrollmentId"),
                "type": entry.get("type"),
            },
        }
        for slug, entry in found.items()
    ]


def pairs(extra: Row) -> list[Row]:
    """A map as repeated `key` and `value`."""
    return [{"key": key, "value": value} for key, value in extra.items()]


def moment(text: str) -> datetime:
    """The time that an ISO text tells."""
    return datetime.fromisoformat(text)


def write_parquet(path: Path, rows: Iterable[Row]) -> None:
    """A file of Parquet, with real timestamps and dates."""
    pq.write_table(pa.Table.from_pylist([*rows]), path)


def write_ndjson(path: Path, rows: Iterable[Row]) -> None:
    """A file of NDJSON as BigQuery writes it; gzip when its name says so."""
    data = "".join(json.dumps(_plain(row)) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def write_avro(path: Path, rows: Iterable[Row]) -> None:
    """A file of Avro, deflated, with timestamps in microseconds."""
    listed = [*rows]
    schema = _avro_of(pa.Table.from_pylist(listed).schema)
    with path.open("wb") as file:
        fastavro.writer(file, schema, listed, codec="deflate")


WRITERS: dict[str, Callable[[Path, Iterable[Row]], None]] = {
    "parquet": write_parquet,
    "ndjson": write_ndjson,
    "ndjson.gz": write_ndjson,
    "avro": write_avro,
}


def write_received(folder: Path, pings: Iterable[tuple[Row, str]]) -> Path:
    """The same pings as the ingestion edge received them."""
    path = folder / "received.ndjson"
    lines = (
        json.dumps(
            {
                "attributeMap": {"submission_timestamp": at},
                "payload": base64.b64encode(json.dumps(ping).encode()).decode(),
            }
        )
        for ping, at in pings
    )
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def write_flattened(folder: Path, pings: Iterable[tuple[Row, str]], form: str) -> Path:
    """One file of flattened events."""
    path = folder / f"events.{form}"
    WRITERS[form](path, [row for ping, at in pings for row in flattened(ping, at)])
    return path


def write_nested(folder: Path, pings: Iterable[tuple[Row, str]], form: str) -> Path:
    """A directory with a file for each of the nested tables."""
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for ping, at in pings:
        tables[TABLES[ping["type"]]].append(nested(ping, at))
    root = folder / f"export of {form}"
    root.mkdir()
    for name, rows in tables.items():
        WRITERS[form](root / f"{name}-000000000000.{form}", rows)
    return root


def _plain(value: object) -> object:
    """A value as NDJSON has it."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str | float | bool) or value is None else str(value)


def _avro_of(schema: pa.Schema) -> Row:
    names = iter(f"r{number}" for number in range(10_000))

    def kind(column: pa.DataType) -> object:
        if pa.types.is_struct(column):
            fields = [field(column.field(index)) for index in range(column.num_fields)]
            return {"type": "record", "name": next(names), "fields": fields}
        if pa.types.is_list(column):
            return {"type": "array", "items": kind(column.value_type)}
        if pa.types.is_timestamp(column):
            return {"type": "long", "logicalType": "timestamp-micros"}
        if pa.types.is_date(column):
            return {"type": "int", "logicalType": "date"}
        plain = {pa.int64(): "long", pa.float64(): "double", pa.bool_(): "boolean"}
        return plain.get(column, "string")

    def field(column: pa.Field) -> Row:
        found = kind(column.type)
        repeated = pa.types.is_list(column.type)
        return {"name": column.name, "type": found if repeated else ["null", found]}

    return {"type": "record", "name": "row", "fields": [field(column) for column in schema]}
