"""What the rows of an export tell, where the warehouse has no column, or has a row twice."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.stores import Stores
from tests.stores import exports

Row = dict[str, Any]
Rows = list[Row]
Table = Callable[..., Rows]

AT = "2026-11-24T06:40:00.000Z"
ENROLL = [
    10,
    "normandy",
    "enroll",
    "preference_study",
    "slug",
    {"enrollmentId": "e", "branch": "b"},
]
UNENROLL = [10, "normandy", "unenroll", "preference_study", "slug", {"enrollmentId": "e"}]
OTHER = [20, "navigation", "search", "urlbar", "enter", {"engine": "x"}]
TUPLE = ("method", "object", "value", "enrollment_id")


@pytest.fixture
def ping(event_ping: Callable[..., Row]) -> Callable[..., Row]:
    """Write an event ping with these events, whole enough to be in a table."""

    def write(*events: object, **fields: object) -> Row:
        made = event_ping(*events, **fields)
        made["application"] |= {"buildId": "20260101"}
        made["payload"] |= {"subsessionId": "s", "lostEventsCount": 0}
        return made

    return write


@pytest.fixture
def lines(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as NDJSON."""

    def write(*rows: Row, name: str = "export.ndjson") -> Path:
        path = tmp_path / name
        exports.write_ndjson(path, rows)
        return path

    return write


def shown(rows: Rows) -> list[tuple[object, ...]]:
    """The positions and parts of events, in order."""
    return sorted((row["position"], *(row[name] for name in TUPLE)) for row in rows)


def test_events_of_one_millisecond_stand_as_they_can_have_happened(
    lines: Callable[..., Path], ping: Callable[..., Row], table: Table
) -> None:
    """Flattened rows have no order: an enrollment comes before an ending at the same time."""
    rows = [*exports.flattened(ping(ENROLL, UNENROLL), AT)]
    found = table("events", lines(*reversed(rows)))
    assert [row[:2] for row in shown(found)] == [(0, "enroll"), (1, "unenroll")]


def test_rows_of_one_file_that_are_alike_are_events_each(
    lines: Callable[..., Path], ping: Callable[..., Row], table: Table
) -> None:
    """A browser may record the same twice in a millisecond."""
    path = lines(*exports.flattened(ping(ENROLL, ENROLL), AT))
    assert [row["position"] for row in table("events", path)] == [0, 1]


def test_exports_that_overlap_double_nothing(
    tmp_path: Path, ping: Callable[..., Row], table: Table
) -> None:
    """A row that is in two files of an export is one event; each file may have others."""
    rows = [*exports.flattened(ping(ENROLL, UNENROLL, ENROLL), AT)]
    folder = tmp_path / "export"
    folder.mkdir()
    exports.write_parquet(folder / "a.parquet", rows[:2])
    exports.write_parquet(folder / "b.parquet", rows)
    methods = [row["method"] for row in table("events", folder)]
    assert sorted(methods) == ["enroll", "enroll", "unenroll"]


def test_a_document_may_lie_in_many_shards(
    tmp_path: Path, ping: Callable[..., Row], table: Table
) -> None:
    """Rows of one document in many files are one ping."""
    folder = tmp_path / "export"
    folder.mkdir()
    for number, row in enumerate(exports.flattened(ping(ENROLL, UNENROLL, OTHER), AT)):
        exports.write_ndjson(folder / f"events-{number:012}.ndjson", [row])
    pings = table("pings", folder)
    assert [(row["first_offset"], row["last_offset"]) for row in pings] == [(10, 20)]
    assert [row["position"] for row in table("events", folder)] == [0, 1]


def test_a_copy_of_another_day_is_the_same_ping(
    lines: Callable[..., Path], ping: Callable[..., Row], table: Table
) -> None:
    """Stable tables have a document once a day: its copies are one ping, received first."""
    made, later = ping(ENROLL), "2026-11-26T06:40:00.000Z"
    path = lines(exports.nested(made, later), exports.nested(made, AT))
    assert len(table("pings", path)) == 1
    assert [row["method"] for row in table("events", path)] == ["enroll"]


def test_an_event_that_fits_no_column_is_read_where_it_is_kept(
    lines: Callable[..., Path], ping: Callable[..., Row], table: Table
) -> None:
    """A process that the table lacks stands in `additional_properties`, as it was sent."""
    row = exports.nested(ping(OTHER), AT)
    row["additional_properties"] = json.dumps(
        {"payload": {"events": {"utility": [OTHER, ENROLL, UNENROLL]}}}
    )
    found = table("events", lines(row))
    assert shown(found) == [
        (1, "enroll", "preference_study", "slug", "e"),
        (2, "unenroll", "preference_study", "slug", "e"),
    ]
    assert {"utility"} == {event["process"] for event in found}


def test_parts_of_an_event_that_fit_no_column_are_put_back(
    lines: Callable[..., Path], ping: Callable[..., Row], table: Table
) -> None:
    """What did not fit of an event is kept under the event's index."""
    row = exports.nested(ping(OTHER, ENROLL), AT)
    row["payload"]["events"]["parent"][1]["f5_"] = None
    hidden = {"payload": {"events": {"parent": [None, [None, None, None, None, None, ENROLL[5]]]}}}
    row["additional_properties"] = json.dumps(hidden)
    assert shown(table("events", lines(row))) == [(1, "enroll", "preference_study", "slug", "e")]


def test_ids_that_an_older_table_has_no_column_for(
    lines: Callable[..., Path], ping: Callable[..., Row], table: Table
) -> None:
    """Enrollment IDs of experiments are read from `additional_properties` where they are there."""
    told = {"slug": {"branch": "b", "type": "normandy-exp", "enrollmentId": "e"}}
    row = exports.nested(ping(environment={"experiments": told}), AT)
    for entry in row["environment"]["experiments"]:
        del entry["value"]["enrollment_id"]
    hidden = {"environment": {"experiments": {"slug": {"enrollmentId": "e"}}}}
    row["additional_properties"] = json.dumps(hidden)
    (found,) = table("annotations", lines(row))
    assert (*(found["slug"], found["kind"], found["branch"], found["enrollment_id"]),) == (
        "slug",
        "preference_study",
        "b",
        "e",
    )


@pytest.mark.parametrize("form", ["parquet", "ndjson", "avro"])
def test_an_old_main_ping(
    form: str, ping: Callable[..., Row], table: Table, tmp_path: Path
) -> None:
    """Until version 62 events were in main pings, in their processes."""
    row = exports.nested(ping(ENROLL), AT)
    events = row["payload"].pop("events")
    row["payload"] = {
        "info": {"reason": "daily", "session_id": row["payload"]["session_id"]},
        "processes": {"parent": {"events": events["parent"]}},
    }
    path = tmp_path / f"main.{form}"
    exports.WRITERS[form](path, [row])
    assert [found["document_type"] for found in table("pings", path)] == ["main"]
    assert shown(table("events", path)) == [(0, "enroll", "preference_study", "slug", "e")]


@pytest.mark.parametrize(
    "written",
    [
        *("2026-11-24 06:40:00 UTC", "2026-11-24 06:40:00.000000 UTC", "2026-11-24T06:40:00.000Z"),
        *("1795502400000000", 1_795_502_400_000_000, 1_795_502_400_000_000.0),
        *("1795502400000", 1_795_502_400_000, 1_795_502_400_000.0, 1_795_502_400_000_000_000),
        *("1795502400", 1_795_502_400, 1_795_502_400.0, "1795502400.000", 1.7955024e18),
    ],
)
def test_times(
    written: object, lines: Callable[..., Path], ping: Callable[..., Row], table: Table
) -> None:
    """A time is read in each of the forms in which warehouses write it."""
    row = exports.nested(ping(ENROLL), AT)
    path = lines(row)
    told = json.loads(path.read_text()) | {"submission_timestamp": written}
    path.write_text(json.dumps(told) + "\n")
    assert [found["received"] for found in table("pings", path)] == [1_795_502_400_000]


@pytest.mark.parametrize("form", ["parquet", "ndjson", "avro"])
@pytest.mark.parametrize("layout", [exports.flattened, exports.nested], ids=["flat", "nested"])
@pytest.mark.parametrize("written", [1_795_502_400.123, 1_795_502_400_123, 1_795_502_400_123_000])
def test_times_that_are_numbers(  # noqa: PLR0913, PLR0917 - fixtures and cases
    form: str,
    layout: Callable[[Row, str], Row | Iterator[Row]],
    written: float,
    ping: Callable[..., Row],
    table: Table,
    tmp_path: Path,
) -> None:
    """A number's size tells its unit, in every form and table."""
    made = layout(ping(ENROLL), AT)
    (row,) = [made] if isinstance(made, dict) else made
    row |= {"timestamp" if "timestamp" in row else "submission_timestamp": written}
    path = tmp_path / f"export.{form}"
    exports.WRITERS[form](path, [row])
    assert [found["received"] for found in table("pings", path)] == [1_795_502_400_123]


@pytest.mark.parametrize("form", ["parquet", "ndjson", "avro"])
def test_offsets_that_a_tool_has_made_floats(
    form: str, ping: Callable[..., Row], table: Table, tmp_path: Path
) -> None:
    """A column with a missing value is one of floats to some tools: its numbers stay whole."""
    rows = [row | {"event_timestamp": 10.0} for row in exports.flattened(ping(ENROLL), AT)]
    path = tmp_path / f"export.{form}"
    exports.WRITERS[form](path, rows)
    assert [row["first_offset"] for row in table("pings", path)] == [10]


@pytest.mark.parametrize("form", ["parquet", "ndjson", "avro"])
@pytest.mark.parametrize("layout", [exports.flattened, exports.nested], ids=["flat", "nested"])
@pytest.mark.parametrize(
    "written",
    [
        *(pytest.param("noon", id="a word"), pytest.param("7", id="a small number")),
        pytest.param("179550240000", id="a number between two units"),
    ],
)
def test_what_is_no_time_is_named(  # noqa: PLR0913, PLR0917 - fixtures and cases
    form: str,
    layout: Callable[[Row, str], Row | Iterator[Row]],
    written: str,
    ping: Callable[..., Row],
    read: Callable[..., Stores],
    tmp_path: Path,
) -> None:
    """The first row with something else in the place of a time is named; all rows are read."""
    made = layout(ping(ENROLL), AT)
    (row,) = [made] if isinstance(made, dict) else made
    named = "timestamp" if "timestamp" in row else "submission_timestamp"
    rows = [row | {named: AT}, row | {named: written}, row | {named: written}]
    path = tmp_path / f"export.{form}"
    exports.WRITERS[form](path, rows)
    (summary,) = read(path).summaries
    assert {part.path: part.reason for part in summary.unreadable} == {
        f"{path.name}:2": "has something else in the place of a time; later rows may too"
    }


@pytest.mark.parametrize("written", ["", "0001-01-01T00:00:00.000Z", "1969-12-31T00:00:00.000Z"])
def test_times_of_odd_clocks(
    written: str, lines: Callable[..., Path], ping: Callable[..., Row], read: Callable[..., Stores]
) -> None:
    """A time of a clock that stands wrong is a time, and none that is missing is named."""
    row = exports.nested(ping(ENROLL), AT) | {"creation_date": written}
    (summary,) = read(lines(row)).summaries
    assert summary.unreadable == ()


def test_names_are_cut_at_a_whole_character(
    lines: Callable[..., Path], ping: Callable[..., Row], table: Table
) -> None:
    """A change has one name, cut where Telemetry cuts it, also inside a character."""
    long = "a" * 79 + "ä" + "b" * 20
    told = {long: {"branch": "b"}}
    path = lines(exports.nested(ping(environment={"experiments": told}), AT))
    assert [row["slug"] for row in table("annotations", path)] == ["a" * 79]


def test_the_canary_is_nobody(
    lines: Callable[..., Path], ping: Callable[..., Row], table: Table
) -> None:
    """A ping made while upload was off has no client id."""
    canary = "{C0FFEEC0-ffee-c0ff-eec0-ffeec0ffeec0}"
    path = lines(*exports.flattened(ping(ENROLL, clientId=canary), AT))
    assert [(row["client_id"], row["upload_off"]) for row in table("pings", path)] == [(None, True)]


@pytest.mark.parametrize("form", ["parquet", "ndjson", "avro"])
def test_what_an_export_of_requests_records(
    form: str, ping: Callable[..., Row], read: Callable[..., Stores], tmp_path: Path
) -> None:
    """Deletion requests tell opt-outs; they have no events, and do not stand for their absence."""
    request = ping(type="deletion-request", payload={"scalars": {"parent": {}}})
    path = tmp_path / f"deletion_request_v4.{form}"
    exports.WRITERS[form](path, [exports.nested(request, AT)])
    stores = read(path)
    assert {"pings", "switches"} == stores.recorded
    (told,) = stores.tables["switches"].to_pylist()
    assert (told["upload"], told["shown_by"]) == ("off", "deletion request")


def test_columns_that_no_export_has(ping: Callable[..., Row], table: Table, tmp_path: Path) -> None:
    """Other columns change nothing, even under the names that the queries use for themselves."""
    rows = [*exports.flattened(ping(ENROLL), AT)]
    others = dict.fromkeys(("number", "pair", "each", "place", "file", "copy", "raw", "a b"), "x")
    path = tmp_path / "wide.parquet"
    exports.write_parquet(path, [row | others for row in rows])
    assert shown(table("events", path)) == [(0, "enroll", "preference_study", "slug", "e")]


def test_maps(ping: Callable[..., Row], table: Table, tmp_path: Path) -> None:
    """Extras may be a real map, as other tools write it, in place of repeated key and value."""
    rows = [*exports.flattened(ping(ENROLL), AT)]
    for row in rows:
        row["event_map_values"] = [(pair["key"], pair["value"]) for pair in row["event_map_values"]]
        del row["experiments"]
    plain = pa.Table.from_pylist([{**row, "event_map_values": None} for row in rows])
    place = plain.column_names.index("event_map_values")
    maps = pa.array([row["event_map_values"] for row in rows], pa.map_(pa.string(), pa.string()))
    pq.write_table(plain.set_column(place, "event_map_values", maps), tmp_path / "maps.parquet")
    found = table("events", tmp_path / "maps.parquet")
    assert shown(found) == [(0, "enroll", "preference_study", "slug", "e")]
