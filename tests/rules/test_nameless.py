"""An export without client ids tells neither opt-outs nor whose a session is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import audit
from auditor.stores import read_stores
from tests.rules.conftest import RULES
from tests.stores import exports

RULE = "enrollment_id_lost_mid_change"
RECORDINGS = Path("tests/recordings")


def rows(recording: str, *, named: bool) -> Iterator[dict[str, Any]]:
    """The flattened events of a recording, with or without their client ids."""
    for ping, at in exports.received(RECORDINGS / recording / "received.ndjson"):
        for row in exports.flattened(ping, at) if ping["type"] == "event" else ():
            yield {name: part for name, part in row.items() if named or name != "client_id"}


@pytest.mark.parametrize("form", ["parquet", "ndjson", "avro"])
@pytest.mark.parametrize(
    "recording",
    [
        pytest.param("firefox-115-upload-off-on", id="fillers after an opt-out"),
        pytest.param("firefox-115-lifecycle", id="a loss between two sessions"),
        pytest.param("firefox-115-failures", id="no filler at all"),
    ],
)
def test_without_client_ids(recording: str, form: str, tmp_path: Path) -> None:
    """What upload turned off explains, or another session shows, is neither a breach nor a pass."""
    path = tmp_path / f"events.{form}"
    exports.WRITERS[form](path, rows(recording, named=False))
    (verdict,) = audit(read_stores([path]), [RULES[RULE]]).verdicts
    assert (verdict.verdict, verdict.reason) == ("unproven", "not-recorded")
    assert verdict.detail == "these stores do not record switches"


def test_beside_a_store_that_tells_them(tmp_path: Path) -> None:
    """Another store's opt-outs say nothing of them: only its own clients are examined."""
    path = tmp_path / "events.parquet"
    exports.write_parquet(path, rows("firefox-115-upload-off-on", named=False))
    told = RECORDINGS / "firefox-115-failures" / "received.ndjson"
    alone, both = (
        audit(read_stores(stores), [RULES[RULE]]).verdicts[0] for stores in ([told], [told, path])
    )
    assert (alone.verdict, alone.subjects) == (both.verdict, both.subjects) == ("holds", 19)
