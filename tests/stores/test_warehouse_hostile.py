"""Whatever stands in the place of an export, it is read or refused, and nothing of it is told."""

import gzip
import io
import json
import subprocess
import sys
import zlib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import fastavro
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.stores import warehouse
from auditor.stores.files import Source
from auditor.stores.intake import Intake
from auditor.stores.warehouse.columns import TABLES, roots
from tests.stores import exports

Row = dict[str, Any]

RECORDINGS = Path(__file__).parent.parent / "recordings"
RECORDED = [*exports.received(RECORDINGS / "firefox-115-upload-off-on" / "received.ndjson")]
NAMES = {ping["id"][:8] for ping, _ in RECORDED} | {ping["clientId"][:8] for ping, _ in RECORDED}
IDENTIFIER = "5ec2e700-5ec2-e700-5ec2-e7005ec2e700"
ROW: Row = {
    "document_id": IDENTIFIER,
    "event_category": "normandy",
    "event_method": "enroll",
    "event_string_value": "a-study",
    "event_map_values": [{"key": "branch", "value": "a"}],
}

few = settings(max_examples=15, deadline=None)
spots = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=8)), min_size=1, max_size=4
)


def taken(path: Path) -> Intake:
    """What is read of a path."""
    intake = Intake()
    warehouse.read(Source(path), 0, intake)
    return intake


def reasons(path: Path) -> dict[str, str]:
    """What could not be read, and why."""
    return {part.path: part.reason for _, part in taken(path).unreadable}


@cache
def written(form: str, layout: str) -> bytes:
    """The bytes of a file of an export."""
    with TemporaryDirectory() as folder:
        if layout == "flattened":
            return exports.write_flattened(Path(folder), RECORDED, form).read_bytes()
        root = exports.write_nested(Path(folder), RECORDED, form)
        return (root / f"event_v4-000000000000.{form}").read_bytes()


@pytest.mark.parametrize("layout", ["flattened", "nested"])
@pytest.mark.parametrize("form", exports.WRITERS)
@few
@given(changes=spots)
def test_spoilt_bytes(form: str, layout: str, changes: list[tuple[float, bytes]]) -> None:
    """A damaged file is read or refused, and no identifier stands in a reason."""
    data = written(form, layout)
    for where, by in changes:
        at = int(where * len(data))
        data = data[:at] + by + data[at + len(by) :] * bool(by)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{form}"
        path.write_bytes(data)
        told = " ".join(reasons(path).values())
    assert set() == {name for name in NAMES if name in told}


@pytest.mark.parametrize("form", exports.WRITERS)
@few
@given(data=st.binary(max_size=300))
def test_any_bytes(form: str, data: bytes) -> None:
    """Arbitrary bytes are no ping, and are named."""
    magic = {"parquet": b"PAR1", "avro": b"Obj\x01", "ndjson.gz": b"\x1f\x8b"}.get(form, b"{")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{form}"
        path.write_bytes(magic + data)
        assert {path.name} == {name.partition(":")[0] for name in reasons(path)}


@pytest.mark.parametrize("form", ["parquet", "avro", "ndjson.gz"])
def test_cut_short(form: str, tmp_path: Path) -> None:
    """A file without its end is named; the other files of the export are read."""
    folder = tmp_path / "export"
    folder.mkdir()
    for name in ("cut", "whole"):
        exports.write_flattened(tmp_path, RECORDED, form).rename(folder / f"{name}.{form}")
    cut = folder / f"cut.{form}"
    cut.write_bytes(cut.read_bytes()[:-1000])
    intake = taken(folder)
    assert [cut.name] == [part.path for _, part in intake.unreadable]
    assert intake.tallies[0].pings > 0


values = st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=9)
json_values = st.recursive(
    values,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["key", "value", "parent", "f0_", "f1_", "f5_"]), inner)
    ),
    max_leaves=8,
)
columns = st.sampled_from(
    [
        *("event_timestamp", "event_map_values", "experiments", "timestamp", "client_id"),
        *("payload", "environment", "additional_properties", "event_object", "application"),
    ]
)


@settings(max_examples=40, deadline=None)
@given(row=st.dictionaries(columns, json_values), flat=st.booleans())
def test_any_values(row: Row, flat: bool) -> None:  # noqa: FBT001 - drawn
    """A row with anything in its columns is still a ping: what is of the wrong type is left out."""
    known = ROW if flat else {"document_id": IDENTIFIER, "creation_date": "2026-11-24T06:40:00Z"}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export.ndjson"
        path.write_text(json.dumps(known) + "\n" + json.dumps(row | known) + "\n")
        intake = taken(path)
    assert IDENTIFIER not in str(intake.unreadable)
    assert intake.tallies[0].pings >= 1


TYPED = {
    "numbers": pa.array([5]),
    "times": pa.array([1 << 62], pa.timestamp("us")),
    "bytes": pa.array([b"\xff\x00"]),
    "lists": pa.array([[1, None]]),
    "structs": pa.array([{"key": 1, "f0_": "x", "parent": {"events": [{"f0_": [1]}]}}]),
    "lists of structs": pa.array([[{"key": 1, "value": {"branch": [2]}}]]),
    "nothing": pa.nulls(1),
}


@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_types(table: str, data: st.DataObject) -> None:
    """A column of Parquet may have any type: what is of no use is left out, or the file refused."""
    names = st.sampled_from(sorted(roots(TABLES[table]) - {"document_id", "event_category"}))
    drawn = data.draw(st.dictionaries(names, st.sampled_from(sorted(TYPED)), max_size=3))
    known = {"flat": {"event_category": pa.array(["normandy"])}, "nested": {"payload": pa.nulls(1)}}
    others = {name: TYPED[kind] for name, kind in drawn.items()}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export.parquet"
        pq.write_table(pa.table({"document_id": [IDENTIFIER]} | known[table] | others), path)
        intake = taken(path)
    assert IDENTIFIER not in str(intake.unreadable)
    assert intake.tallies[0].pings or intake.unreadable


@pytest.mark.parametrize("form", ["parquet", "ndjson", "avro"])
def test_rows_without_a_document_id(form: str, tmp_path: Path) -> None:
    """A row that is no ping is named by its number in the file, and the rest is read."""
    path = tmp_path / f"export.{form}"
    rows = [
        ROW | {"event_object": "o", "document_id": ident}
        for ident in (IDENTIFIER, "x", None, IDENTIFIER)
    ]
    exports.WRITERS[form](path, rows)
    assert dict.fromkeys([f"{path.name}:2", f"{path.name}:3"], "has no document id") == reasons(
        path
    )


def test_lines_that_are_not_json(tmp_path: Path) -> None:
    """A broken line is named, and the rest is read."""
    path = tmp_path / "export.ndjson"
    good = json.dumps(ROW | {"event_object": "o"})
    path.write_text(f'{good}\n{{"document_id": "{IDENTIFIER}\n{good}\n')
    assert {f"{path.name}:2": "is not JSON"} == reasons(path)


@pytest.mark.parametrize("form", ["parquet", "ndjson", "avro"])
def test_events_without_an_object(form: str, tmp_path: Path) -> None:
    """An event that is none is named; its ping is read."""
    path = tmp_path / f"export.{form}"
    exports.WRITERS[form](path, [ROW | {"event_object": "o"}, ROW])
    assert {f"{path.name}:2": "has an event whose parts have the wrong types"} == reasons(path)


def test_a_file_of_something_else(tmp_path: Path) -> None:
    """A file that begins with a thousand rows that are no ping is given up."""
    path = tmp_path / "export.ndjson"
    path.write_text((json.dumps(ROW) + "\n") + "{}\n" * 2_000)
    assert {path.name: "has over 1,000 rows that are no ping; the rest is not read"} == reasons(
        path
    )


def test_too_many_to_be_named(tmp_path: Path) -> None:
    """Rows that are no ping are named up to a thousand; that there are more is said."""
    path = tmp_path / "export.ndjson"
    rows = [ROW] * 6_000 + [{"document_id": None}] * 1_500
    path.write_text("".join(json.dumps(row | {"event_object": "o"}) + "\n" for row in rows))
    told = reasons(path)
    assert told.pop(path.name) == "has over 1,000 rows that are no ping; the rest are not named"
    assert {f"{path.name}:{number}" for number in range(6_001, 7_001)} == told.keys()


def test_files_that_are_no_files(tmp_path: Path) -> None:
    """A link to nothing, and a file of another table, are named."""
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "gone.parquet").symlink_to(tmp_path / "nowhere")
    pq.write_table(pa.table({"a": [1]}), folder / "other.parquet")
    exports.write_parquet(folder / "events.parquet", [ROW | {"event_object": "o"}])
    assert reasons(folder) == {
        "gone.parquet": "is no file that can be read",
        "other.parquet": "has the columns of no table that is known",
    }


@pytest.mark.parametrize("name", ["it's.parquet", "a*b?.parquet", "[x]=y.parquet", "{a,b}.ndjson"])
def test_names_that_mean_something_to_an_engine(name: str, tmp_path: Path) -> None:
    """A file's name is never taken for a pattern, nor for a part of a query."""
    folder = tmp_path / "day=2026-01-01"
    folder.mkdir()
    exports.WRITERS[name.rpartition(".")[2]](folder / name, [ROW | {"event_object": "o"}])
    intake = taken(folder)
    assert (intake.tallies[0].pings, intake.unreadable) == (1, [])


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without fastavro an Avro file is named, and how to have it read."""
    path = tmp_path / "export.avro"
    exports.write_avro(path, [ROW])
    monkeypatch.setitem(sys.modules, "fastavro", None)
    assert (
        (reasons(path)[path.name])
        == "is Avro, for which auditor needs its extra: pip install 'auditor[avro]'"
    )


COLUMNS: list[Row] = [
    {"name": name, "type": ["null", "string"]} for name in ("document_id", "event_category")
]
NAUGHT: list[Row] = [{"name": name, "type": "null"} for name in ("document_id", "event_category")]


def avro(block: bytes, rows: int, *, fields: list[Row] = COLUMNS, codec: str = "null") -> bytes:
    """A file of one block of so many rows."""
    out = io.BytesIO()
    fastavro.writer(out, {"type": "record", "name": "r", "fields": fields}, [], codec=codec)
    head = out.getvalue()
    return head + _number(rows) + _number(len(block)) + block + head[-16:]


def _number(number: int) -> bytes:
    left, out = number << 1, bytearray()
    while left > 0x7F:
        out.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*out, left])


def _deflated(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


def _zipped(*parts: bytes) -> bytes:
    """Gzip of a row, and of what follows it."""
    out = io.BytesIO()
    with gzip.open(out, "wb", 1) as file:
        file.write(json.dumps(ROW).encode() + b"\n")
        file.writelines(parts)
    return out.getvalue()


def _wide() -> bytes:
    out = io.BytesIO()
    nothing = {"document_id": pa.nulls(2_000_000, pa.string()), "event_category": ["x"] * 2_000_000}
    pq.write_table(pa.table(nothing), out)
    return out.getvalue()


INSIDE: list[Row] = [*COLUMNS, {"name": "x", "type": ["null", "r"]}]
LISTS: list[Row] = [*COLUMNS, {"name": "x", "type": {"type": "array", "items": "null"}}]
BOMBS = {
    "a line without end.ndjson.gz": lambda: _zipped(*[b"a" * (1 << 20)] * 500),
    "lines of nothing.ndjson.gz": lambda: _zipped(*[b"{}\n" * (1 << 18)] * 500),
    "a block of gigabytes.avro": lambda: avro(_deflated(500), 1 << 30, codec="deflate"),
    "rows of no bytes.avro": lambda: avro(b"", 1 << 50, fields=NAUGHT),
    "a list of nothing.avro": lambda: avro(b"\0\0" + _number(1 << 50) + b"\0", 1, fields=LISTS),
    "rows inside rows.avro": lambda: avro(b"\0\0\x02" * 2_000_000, 1, fields=INSIDE),
    "a size of its own.avro": lambda: avro(b"", 1)[:-17] + _number(1 << 60),
    "rows of nothing.parquet": _wide,
}
READING = """
import resource, sys
from pathlib import Path
from auditor.stores import warehouse
from auditor.stores.files import Source
from auditor.stores.intake import Intake

resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
intake = Intake()
warehouse.read(Source(Path(sys.argv[1])), 0, intake)
# The highest mark of this process alone: what `getrusage` tells may be that of its parent.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(len(intake.unreadable), int(peak.split()[1]) < 1 << 20)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str, tmp_path: Path) -> None:
    """What is small, and would be large when read, is refused in five seconds and a gigabyte."""
    path = tmp_path / name.replace(" ", "-")
    path.write_bytes(BOMBS[name]())
    done = subprocess.run(
        [sys.executable, "-c", READING, path], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 True\n", "")


def test_large_and_honest(tmp_path: Path) -> None:
    """Fifty megabytes of rows are read in as little."""
    path = tmp_path / "large.ndjson.gz"
    row = json.dumps(ROW | {"event_object": "o", "event_string_value": "x" * 300}).encode() + b"\n"
    path.write_bytes(_zipped(row * 120_000))
    done = subprocess.run(
        [sys.executable, "-c", READING, path], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 True\n", "")
