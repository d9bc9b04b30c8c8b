"""An export that does not tell times has no order of events, and so proves no order."""

from pathlib import Path
from typing import Any

import pytest

from auditor.audit import audit
from auditor.stores import read_stores
from tests.rules.conftest import RULES
from tests.stores import exports

RULE = "enrollment_id_reused_after_end"
ID = "271df616-30dc-49ed-b8b0-2505b95bf5de"


def _row(method: str, minute: int) -> dict[str, Any]:
    """An event of a rollout as a row of `event_events_v1`, a ping of its own."""
    return {
        "document_id": f"{minute:08x}-0000-4000-8000-000000000000",
        "client_id": "e02e6401-eaf6-4c88-ba86-a4c7d42128ec",
        "session_id": "01b99cd5-8a08-4f0f-8d94-2d79f4c6b1ec",
        "session_start_time": "2026-11-24 06:00:00 UTC",
        "app_version": "115.14.0",
        "event_process": "parent",
        "event_timestamp": minute * 60_000,
        "event_category": "normandy",
        "event_method": method,
        "event_object": "preference_rollout",
        "event_string_value": "a-rollout",
        "event_map_values": exports.pairs({"enrollmentId": ID}),
    }


@pytest.mark.parametrize("column", ["event_timestamp", "session_id"])
def test_no_times(column: str, tmp_path: Path) -> None:
    """A use of which nobody can say whether it came after the ending is no pass."""
    rows = [_row("graduate", 1), _row("update", 2)]
    for row in rows:
        row.pop(column)
        row.pop("session_start_time")
    exports.write_parquet(tmp_path / "events.parquet", rows)
    (verdict,) = audit(read_stores([tmp_path]), [RULES[RULE]]).verdicts
    assert (verdict.verdict, verdict.reason) == ("unproven", "ambiguous")


def test_one_ending_without_times(tmp_path: Path) -> None:
    """An ending that is all there is of an enrollment comes after everything else."""
    row = _row("graduate", 1)
    row.pop("event_timestamp")
    exports.write_parquet(tmp_path / "events.parquet", [row])
    (verdict,) = audit(read_stores([tmp_path]), [RULES[RULE]]).verdicts
    assert verdict.verdict == "holds"
