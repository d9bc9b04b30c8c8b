"""The report of Spark is that of DuckDB, byte for byte."""

from pathlib import Path

import pytest

from auditor.audit import Options, audit
from auditor.renderers import render
from auditor.rule import load_rules
from auditor.stores import Stores, as_stores, read_stores

pytestmark = pytest.mark.spark

RECORDINGS = sorted(file.parent for file in Path("tests/recordings").glob("*/truth.json"))
RULES = load_rules()


def same(stores: Stores, master: str = "local[2]") -> None:
    """Both engines write the same report of the stores."""
    told = audit(stores, RULES)
    assert render(told, "json") == render(audit(stores, RULES, Options(spark=master)), "json")


def test_every_example_of_every_rule() -> None:
    """Whoever keeps or breaks a promise, alone or among all others, is told alike."""
    same(as_stores(*(history for rule in RULES for history in (rule.keeps, rule.breaks))))


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda folder: folder.name)
def test_every_recording(recording: Path) -> None:
    """What was recorded of a real Firefox is told alike."""
    same(read_stores([recording / "profile", recording / "received.ndjson"]))
