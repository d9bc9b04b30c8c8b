"""Uptake is read from the histograms of old main pings, as it is from events."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.stores import Stores
from auditor.stores.intake import Message
from auditor.stores.own.messages import as_kept
from auditor.stores.uptake_histogram import STATUSES, UNREADABLE
from tests.stores import exports

Row = dict[str, Any]
Rows = list[Row]
Table = Callable[..., Rows]

AT = "2026-11-24T06:40:00.000Z"
NAME = "UPTAKE_REMOTE_CONTENT_RESULT_1"
COLUMN = "uptake_remote_content_result_1"
HEAD = {"range": [1, 50], "bucket_count": 51, "histogram_type": 5, "sum": 3}


def histogram(values: object) -> Row:
    """A histogram as a ping has it."""
    return HEAD | {"values": values}


def payload(histograms: object, **processes: object) -> Row:
    """The payload of a main ping with these histograms of the parent, and of other processes."""
    return {
        "info": {"sessionId": "s", "reason": "daily"},
        "keyedHistograms": {NAME: histograms},
        "processes": {name: {"keyedHistograms": {NAME: own}} for name, own in processes.items()},
    }


def told(message: Message) -> list[tuple[str, int, str | None, str | None]]:
    """What the reports of a message say, in order."""
    (kept,) = as_kept([message])
    return [(row.process, row.position, row.source, row.status) for row in kept.uptake]


@pytest.fixture
def main_ping(event_ping: Callable[..., Row]) -> Callable[..., Row]:
    """Write a main ping with this payload."""

    def write(written: Row) -> Row:
        return event_ping(payload=written, type="main")

    return write


def test_a_bucket_is_a_report(message: Callable[..., Message]) -> None:
    """Each bucket that is not empty is one report, by source and status; empty ones are none."""
    runner, recipe = {"0": 0, "1": 3, "2": 0}, {"0": 0, "10": 1, "5": 2, "11": 0}
    written = payload(
        {"normandy/runner": histogram(runner), "normandy/recipe/7": histogram(recipe)}
    )
    found = message(payload=written, type="main")
    assert told(found) == [
        ("parent histogram", 0, "normandy/recipe/7", "content_error"),
        ("parent histogram", 1, "normandy/recipe/7", "apply_error"),
        ("parent histogram", 2, "normandy/runner", "success"),
    ]
    assert found.faults == []


def test_only_sources_of_normandy(message: Callable[..., Message]) -> None:
    """What other components report is none of the audit's, readable or not."""
    written = payload({"main/blocklist": histogram({"1": 3}), "blocklist": 7})
    found = message(payload=written, type="main")
    assert (told(found), found.faults) == ([], [])


def test_every_process(message: Callable[..., Message]) -> None:
    """A histogram is read in whatever process it was recorded."""
    success = {"normandy/runner": histogram({"1": 3})}
    found = message(payload=payload({}, content=success), type="main")
    assert told(found) == [("content histogram", 0, "normandy/runner", "success")]


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(histogram({"24": 1}), id="a bucket after the last status"),
        pytest.param(histogram({"-1": 1}), id="a bucket before the first status"),
        pytest.param(histogram({"success": 1}), id="a bucket with a name"),
        pytest.param(histogram({"1": -1}), id="a count below nothing"),
        pytest.param(histogram({"1": "3"}), id="a count that is a text"),
        pytest.param(histogram({"1": None}), id="no count"),
        pytest.param(histogram([3]), id="values that are a list"),
        pytest.param(7, id="a histogram that is a number"),
    ],
)
def test_what_stands_for_no_status_is_named(odd: object, message: Callable[..., Message]) -> None:
    """A bucket of no known status is no report; it is named once, and the rest is read."""
    written = payload({"normandy/runner": histogram({"1": 3}), "normandy/recipe/7": odd})
    found = message(payload=written, type="main")
    assert told(found) == [("parent histogram", 0, "normandy/runner", "success")]
    assert found.faults == [UNREADABLE]


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"keyedHistograms": []}, id="histograms that are a list"),
        pytest.param({"keyedHistograms": {NAME: 7}}, id="a histogram that is a number"),
        pytest.param({"processes": {"content": 7}}, id="a process that is a number"),
    ],
)
def test_odd_payloads(odd: Row, message: Callable[..., Message]) -> None:
    """What has no source in it has no report in it."""
    found = message(payload=odd, type="main")
    assert (told(found), found.faults) == ([], [])


def test_the_order_of_the_statuses() -> None:
    """The places of the statuses that Normandy reports are those of Firefox's own test."""
    places = {status: place for place, status in enumerate(STATUSES)}
    assert (
        *(places["success"], places["backoff"], places["content_error"], places["sign_error"]),
        *(places["apply_error"], places["server_error"], places["download_error"]),
        *(places["custom_1_error"], places["custom_2_error"]),
    ) == (1, 2, 5, 6, 10, 11, 13, 19, 20)


FORMS = [
    pytest.param(lambda values: json.dumps(histogram(values)), id="as JSON"),
    pytest.param(
        lambda values: "51;5;3;1,50;" + ",".join(f"{k}:{v}" for k, v in values.items()),
        id="in the shorter form",
    ),
    pytest.param(
        lambda values: HEAD | {"values": [{"key": k, "value": v} for k, v in values.items()]},
        id="as columns",
    ),
]


def row_of(ping: Row, parent: Rows, content: Rows | None = None) -> Row:
    """The row of `main_v5` for a ping, with these histograms of the parent and of content."""
    application = ping["application"]
    inside = {} if content is None else {"content": {"keyed_histograms": {COLUMN: content}}}
    return {
        "submission_timestamp": exports.moment(AT),
        "document_id": ping["id"],
        "client_id": ping["clientId"],
        "creation_date": ping["creationDate"],
        "application": {"version": application["version"], "channel": application["channel"]},
        "payload": {
            "info": {"reason": "daily", "session_id": "s"},
            "keyed_histograms": {COLUMN: parent},
            "processes": inside or {"parent": {"x": 1}},
        },
        "additional_properties": None,
    }


@pytest.mark.parametrize("written", FORMS)
@pytest.mark.parametrize("form", ["parquet", "ndjson", "avro"])
def test_exports(  # noqa: PLR0913, PLR0917 - fixtures
    form: str,
    written: Callable[[Row], object],
    event_ping: Callable[..., Row],
    read: Callable[..., Stores],
    rows: Callable[[Stores, str], Rows],
    unreadable: Callable[[Stores], dict[str, str]],
    tmp_path: Path,
) -> None:
    """The nested main table tells what the ping tells, in each form of a histogram."""
    ping = event_ping(type="main")
    parent = [
        {"key": "normandy/runner", "value": written({"0": 0, "1": 3, "2": 0})},
        {"key": "main/blocklist", "value": written({"0": 0, "9": 3, "30": 0})},
    ]
    content = [{"key": "normandy/recipe/7", "value": written({"5": 1, "10": 2, "24": 1})}]
    path = tmp_path / f"main.{form}"
    exports.WRITERS[form](path, [row_of(ping, parent, content)])
    stores = read(path)
    shown = ("process", "position", "source", "status")
    assert {
        ("parent histogram", 0, "normandy/runner", "success"),
        ("content histogram", 0, "normandy/recipe/7", "content_error"),
        ("content histogram", 1, "normandy/recipe/7", "apply_error"),
    } == {(*(row[name] for name in shown),) for row in rows(stores, "uptake")}
    assert {f"{path.name}:1": UNREADABLE} == unreadable(stores)
    assert "uptake" in stores.recorded


def test_a_histogram_that_a_table_has_no_column_for(
    event_ping: Callable[..., Row], table: Table, tmp_path: Path
) -> None:
    """A histogram is read from `additional_properties` where it is there."""
    row = row_of(event_ping(type="main"), [])
    kept = payload(
        {"normandy/runner": histogram({"1": 3})}, gpu={"normandy/x": histogram({"2": 1})}
    )
    row["additional_properties"] = json.dumps({"payload": kept})
    path = tmp_path / "main.ndjson"
    exports.write_ndjson(path, [row])
    assert {("parent histogram", "success"), ("gpu histogram", "backoff")} == {
        (found["process"], found["status"]) for found in table("uptake", path)
    }


@pytest.mark.parametrize("form", ["parquet", "ndjson", "avro"])
def test_an_export_without_histograms_records_no_uptake(
    form: str, event_ping: Callable[..., Row], read: Callable[..., Stores], tmp_path: Path
) -> None:
    """A main table that was exported without the column is not taken for one without reports."""
    row = row_of(event_ping(type="main"), [])
    del row["payload"]["keyed_histograms"]
    path = tmp_path / f"main.{form}"
    exports.WRITERS[form](path, [row])
    assert "uptake" not in read(path).recorded


def test_an_undocumented_status_is_found(
    main_ping: Callable[..., Row], tmp_path: Path, table: Table
) -> None:
    """A report of a histogram stands in a ping, as an event's does."""
    path = tmp_path / "main.json"
    path.write_text(json.dumps(main_ping(payload({"normandy/runner": histogram({"0": 2})}))))
    (found,) = table("uptake", path)
    assert (found["status"], found["source"]) == ("up_to_date", "normandy/runner")
