"""One recording gives the same verdicts as whatever kind of store it is kept."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from auditor.audit import audit
from auditor.importing import import_sources
from auditor.report import Outcome, Reason
from auditor.rule import load_rules
from auditor.stores import read_stores
from tests.stores import exports

RECORDINGS = Path(__file__).parent.parent / "recordings"
NAMES = sorted(path.parent.name for path in RECORDINGS.glob("*/received.ndjson"))
OF_RECORDS = {
    "enrollment_id_kept_after_opt_out",
    "enrollment_id_restored_after_opt_out",
    "nimbus_id_kept_after_opt_out",
    "stored_id_differs_from_reported",
}
"""Rules about what a client stores on its disk: in no ping, and so in no kind but the profile."""

Told = Mapping[str, tuple[Outcome, Reason | None]]


def told(*paths: Path) -> Told:
    """What is said of every rule."""
    verdicts = audit(read_stores(paths), load_rules()).verdicts
    return {verdict.rule: (verdict.verdict, verdict.reason) for verdict in verdicts}


@cache
def whole(recording: str) -> Told:
    """What is said of the profile and the received pings together."""
    folder = RECORDINGS / recording
    return told(folder / "profile", folder / "received.ndjson")


@pytest.mark.parametrize("recording", NAMES)
def test_imported(recording: str, tmp_path: Path) -> None:
    """A SQLite store of the profile and the received pings gives the same for every rule."""
    folder = RECORDINGS / recording
    import_sources([folder / "profile", folder / "received.ndjson"], tmp_path / "all.db")
    assert whole(recording) == told(tmp_path / "all.db")


@pytest.mark.parametrize("recording", NAMES)
@pytest.mark.parametrize("kind", ["received pings", "Parquet"])
def test_what_was_sent(recording: str, kind: str, tmp_path: Path) -> None:
    """What was sent proves the same or, where it takes what was not sent, nothing; and says so."""
    path = RECORDINGS / recording / "received.ndjson"
    sent = exports.write_nested(tmp_path, exports.received(path), "parquet")
    found = told(sent if kind == "Parquet" else path)
    silent = {
        rule
        for rule, (_, why) in found.items()
        if why in {Reason.NOT_RECORDED, Reason.NOTHING_TO_EXAMINE}
    }
    assert {rule for rule in silent if found[rule][1] is Reason.NOT_RECORDED} == OF_RECORDS
    proven = found.keys() - silent
    assert proven
    assert {rule: whole(recording)[rule] for rule in proven} == {
        rule: found[rule] for rule in proven
    }


def test_an_import_of_an_export(tmp_path: Path) -> None:
    """A SQLite store of an export says of every rule what the export says."""
    path = RECORDINGS / "firefox-115-upload-off-on" / "received.ndjson"
    sent = exports.write_nested(tmp_path, exports.received(path), "parquet")
    import_sources([sent], tmp_path / "all.db")
    assert told(sent) == told(tmp_path / "all.db")
