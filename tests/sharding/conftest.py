"""Audits in shards: of stores at hand, each report written and read back as its file would be."""

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.audit import Options, audit
from auditor.renderers import render
from auditor.report import Report
from auditor.rule import load_rules
from auditor.sharding import Part
from auditor.stores import Stores

RULES = load_rules()
Shards = Callable[[Stores, int], dict[Path, Report]]


@pytest.fixture(scope="session")
def shards() -> Shards:
    """The reports of all shards of an audit with every rule, as they are read from their files."""

    def audited(stores: Stores, of: int) -> dict[Path, Report]:
        parts = [Part(number, of) for number in range(1, of + 1)]
        pages = [render(audit(stores, RULES, Options(shard=part)), "json") for part in parts]
        return {
            Path(f"shard-{part.number}.json"): _asked(Report.model_validate_json(page))
            for part, page in zip(parts, pages, strict=True)
        }

    return audited


@pytest.fixture(scope="session")
def whole() -> Callable[[Stores], Report]:
    """The report of everybody at once."""
    return lambda stores: _asked(audit(stores, RULES))


def _asked(report: Report) -> Report:
    """The report of an audit that was told what to fail on, as the command line tells it."""
    return report.model_copy(update={"options": {"fail_on": "low", "require": ()}})
