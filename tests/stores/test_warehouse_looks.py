"""What is known as an export of the warehouse, by looking, and what stays what it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.stores import Stores, kinds
from tests.stores import exports

Row = dict[str, Any]

RECORDING = "firefox-115-clean"
FLAT: Row = {"document_id": "ed1d48a6-777c-421f-9ec6-a34e69957908", "event_category": "normandy"}
PING: Row = {"type": "event", "id": FLAT["document_id"], "payload": {}, "creationDate": "x"}
EDGE: Row = {"attributeMap": {"document_id": FLAT["document_id"]}, "payload": "e30="}


def kind_of(path: Path) -> str | None:
    """The kind that is asked to read a path."""
    return next((kind.KIND for kind in kinds() if kind.recognises(path)), None)


@pytest.fixture
def pings(recordings: Path) -> list[tuple[Row, str]]:
    """The pings of a recording."""
    return [*exports.received(recordings / RECORDING / "received.ndjson")]


@pytest.mark.parametrize("form", exports.WRITERS)
def test_exports(form: str, pings: list[tuple[Row, str]], tmp_path: Path) -> None:
    """A file of events, and a directory of tables, are exports in each of the forms."""
    flattened = exports.write_flattened(tmp_path, pings, form)
    nested = exports.write_nested(tmp_path, pings, form)
    found = {kind_of(path) for path in (flattened, nested, *nested.iterdir())}
    assert {"warehouse-export"} == found


@pytest.mark.parametrize("name", ["x.json", "x.jsonl", "x.NDJSON", "000000000000"])
def test_names(name: str, pings: list[tuple[Row, str]], tmp_path: Path) -> None:
    """What a file holds tells, where its name does not; Parquet may have no suffix at all."""
    form = "ndjson" if "." in name else "parquet"
    exports.write_flattened(tmp_path, pings, form).rename(tmp_path / name)
    assert kind_of(tmp_path / name) == "warehouse-export"


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        pytest.param([EDGE], "received-pings", id="messages of the ingestion edge"),
        pytest.param([PING], "received-pings", id="pings as they were sent"),
        pytest.param([PING | FLAT], "received-pings", id="pings with a column's name in them"),
        pytest.param([{"a": 1}], "received-pings", id="something else, which its reader refuses"),
        pytest.param([FLAT], "warehouse-export", id="flattened events"),
        pytest.param([FLAT | {"payload": {}}], "warehouse-export", id="rows with a payload"),
        pytest.param([{"x": 1}, FLAT], "warehouse-export", id="a strange line first"),
    ],
)
def test_lines(rows: list[Row], kind: str, tmp_path: Path) -> None:
    """A file of lines is an export only if one of the first is a row of a table."""
    path = tmp_path / "file.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert kind == kind_of(path)


@pytest.mark.parametrize(
    ("part", "kind"),
    [("profile", "firefox-profile"), ("received.ndjson", "received-pings")],
)
def test_recordings(part: str, kind: str, recordings: Path) -> None:
    """The other kinds stay what they are."""
    assert kind == kind_of(recordings / RECORDING / part)


def test_a_directory_of_received_pings(recordings: Path, tmp_path: Path) -> None:
    """A directory of NDJSON is no export because of its suffix."""
    data = (recordings / RECORDING / "received.ndjson").read_bytes()
    (tmp_path / "received.ndjson").write_bytes(data)
    assert kind_of(tmp_path) == "pings"


def test_a_directory_of_pings(recordings: Path) -> None:
    """Nor is a directory of archived pings one."""
    archive = recordings / RECORDING / "profile" / "datareporting" / "archived"
    assert kind_of(archive) == "pings"


@pytest.mark.parametrize("suffix", ["csv", "txt", "db"])
def test_other_files(suffix: str, tmp_path: Path) -> None:
    """A file of another form is none, whatever it says."""
    path = tmp_path / f"events.{suffix}"
    path.write_text(json.dumps(FLAT))
    assert kind_of(path) is None


def test_what_tools_leave_beside_an_export(
    pings: list[tuple[Row, str]], tmp_path: Path, read: Callable[..., Stores]
) -> None:
    """Spark's markers and checksums are no part of an export."""
    folder = exports.write_nested(tmp_path, pings, "parquet")
    for name in ("_SUCCESS", "_metadata", ".event.parquet.crc"):
        (folder / name).write_bytes(b"PAR1 and more")
    (folder / "recipes.json").write_text('[{"arguments": {"slug": "s"}}]')
    (store,) = read(folder).summaries
    assert (store.kind, store.unreadable) == ("warehouse-export", ())
    assert store.ignored == (".event.parquet.crc", "_SUCCESS", "_metadata", "recipes.json")


@pytest.mark.parametrize("name", ["a.event.jsonlz4", FLAT["document_id"]])
def test_pings_among_an_export(
    name: str, pings: list[tuple[Row, str]], tmp_path: Path, read: Callable[..., Stores]
) -> None:
    """A ping beside shards is not read with them, and is named."""
    exports.write_flattened(tmp_path, pings, "parquet")
    (tmp_path / name).write_text(json.dumps(PING))
    (summary,) = read(tmp_path).summaries
    assert [name] == [part.path for part in summary.unreadable]


@pytest.mark.parametrize("form", exports.WRITERS)
@pytest.mark.parametrize("column", ["event_string_value", "event_map_values"])
def test_columns_that_were_not_exported(
    column: str,
    form: str,
    pings: list[tuple[Row, str]],
    tmp_path: Path,
    read: Callable[..., Stores],
) -> None:
    """An event does not seem to lack what was left out of the export: the file is refused."""
    rows = [row for ping, at in pings for row in exports.flattened(ping, at)]
    file = tmp_path / f"events.{form}"
    kept = [{name: part for name, part in row.items() if name != column} for row in rows]
    exports.WRITERS[form](file, kept)
    (summary,) = read(file).summaries
    reason = f"lacks the column {column}, without which no event can be judged"
    assert [reason] == [part.reason for part in summary.unreadable]
