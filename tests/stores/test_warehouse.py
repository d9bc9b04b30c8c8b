"""An export of the warehouse gives the report that the pings themselves give, whatever its form."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from auditor.audit import Options, audit
from auditor.report import Outcome, Reason, Verdict
from auditor.rule import load_rules
from auditor.stores import read_stores
from tests.stores import exports

RECORDINGS = Path(__file__).parent.parent / "recordings"
NAMES = sorted(path.parent.name for path in RECORDINGS.glob("*/received.ndjson"))

OF_SCALARS = {"freshness_keys_over_limit", "freshness_not_a_time"}
OF_CREATION = {
    "enrollment_id_reused_after_end": Reason.AMBIGUOUS,
    "enrollment_id_lost_mid_change": Reason.AMBIGUOUS,
    "change_used_before_enrollment": Reason.NOTHING_TO_EXAMINE,
}
"""Rules that go by when pings were made, which flattened tables do not tell, and what may then be
said in place of a verdict."""

SOURCES = {"source"}
MANY_PARTS = ["firefox-115-failures", "firefox-115-upload-off-on", "firefox-115-uptake"]
LAYOUTS = {"flattened": exports.write_flattened, "nested": exports.write_nested}

Told = Mapping[str, Verdict]


def told(path: Path) -> Told:
    """The verdicts on a store, with tokens that are the same for all stores."""
    report = audit(read_stores([path]), load_rules(), Options(token_key=b"the same for all"))
    return {verdict.rule: verdict for verdict in report.verdicts}


def without_files(verdict: Verdict) -> dict[str, Any]:
    """A verdict with all that is in it, but the files in which the evidence lies."""
    every: dict[str, Any] = verdict.model_dump()
    for finding in every["findings"]:
        for evidence in finding["evidence"]:
            del evidence["source"]
    return every


def gist(verdict: Verdict) -> tuple[Outcome, int, int]:
    """What a verdict says, without the places."""
    return verdict.verdict, verdict.subjects, verdict.broken


def rows_of(path: Path) -> dict[str, list[str]]:
    """The base tables of a store, without the names of files, in an order of their own."""
    tables = read_stores([path]).tables
    return {
        name: sorted(map(str, table.drop_columns(SOURCES & {*table.column_names}).to_pylist()))
        for name, table in tables.whole().items()
    }


@cache
def pings_of(recording: str) -> list[tuple[exports.Row, str]]:
    """The pings of a recording that have a table in the warehouse."""
    return [*exports.received(RECORDINGS / recording / "received.ndjson")]


@cache
def as_received(recording: str, *, only_events: bool) -> Told:
    """The verdicts on the same pings as the ingestion edge received them."""
    pings = [
        (ping, at)
        for ping, at in pings_of(recording)
        if not only_events or any(ping["payload"].get("events", {}).values())
    ]
    with TemporaryDirectory() as folder:
        return told(exports.write_received(Path(folder), pings))


@pytest.mark.parametrize("recording", NAMES)
def test_nested(recording: str, tmp_path: Path) -> None:
    """Nested tables give the very report, down to the last piece of evidence."""
    found = told(exports.write_nested(tmp_path, pings_of(recording), "parquet"))
    expected = as_received(recording, only_events=False)
    assert {rule: without_files(verdict) for rule, verdict in expected.items()} == {
        rule: without_files(verdict) for rule, verdict in found.items()
    }


@pytest.mark.parametrize("recording", NAMES)
def test_flattened(recording: str, tmp_path: Path) -> None:
    """Flattened events give the same verdicts, but for what they do not record."""
    found = told(exports.write_flattened(tmp_path, pings_of(recording), "parquet"))
    expected = as_received(recording, only_events=True)
    differing = {rule for rule in found if gist(found[rule]) != gist(expected[rule])}
    assert differing <= OF_CREATION.keys()
    for rule in differing:
        assert (Outcome.UNPROVEN, OF_CREATION[rule]) == (found[rule].verdict, found[rule].reason)
    assert {rule for rule in found if found[rule].reason is Reason.NOT_RECORDED} >= OF_SCALARS


@pytest.mark.parametrize("recording", MANY_PARTS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", sorted(exports.WRITERS.keys() - {"parquet"}))
def test_forms(recording: str, layout: str, form: str, tmp_path: Path) -> None:
    """Every form is read into the same rows, but for the names of files."""
    typed, other = (
        rows_of(LAYOUTS[layout](tmp_path, pings_of(recording), one)) for one in ("parquet", form)
    )
    assert typed == other
