"""The report of Spark is that of DuckDB, byte for byte."""

from pathlib import Path

import pytest

from auditor.audit import Options, audit
from auditor.history import enroll, raw
from auditor.renderers import render
from auditor.rule import load_rules
from auditor.sharding import Part
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


def test_a_shard() -> None:
    """A shard is divided off alike, and so is whoever shares an enrollment ID with it."""
    link = raw("7d9c1a55-6d3e-4f4d-9d6c-0c9d6ad1d5b3")
    people = [(*rule.breaks, enroll(link, day=9, change="other")) for rule in RULES[:6]]
    stores = as_stores(*people, *(rule.keeps for rule in RULES))
    told = [audit(stores, RULES, Options(shard=Part(2, 3), spark=on)) for on in (None, "local[2]")]
    assert render(told[0], "json") == render(told[1], "json")


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda folder: folder.name)
def test_every_recording(recording: Path) -> None:
    """What was recorded of a real Firefox is told alike."""
    same(read_stores([recording / "profile", recording / "received.ndjson"]))
