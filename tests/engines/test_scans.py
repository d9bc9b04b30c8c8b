"""How often a full audit goes through the events, counted in the plans of its queries."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from auditor.audit import audit
from auditor.engines.duckdb import DuckDB
from auditor.rule import Rule, load_rules
from auditor.stores import Stores, as_stores

RULES = load_rules()
VIEWS = sorted({rule.examines for rule in RULES})
GROUPS = {view: [rule for rule in RULES if rule.examines == view] for view in VIEWS}
MOST = 14
"""What is said where engines are told of."""


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What is scanned, and how often, from now on."""
    counted: Counter[str] = Counter()
    plain = DuckDB._run  # noqa: SLF001 - every query passes there

    def run(session: DuckDB, query: str) -> Any:  # noqa: ANN401 - as the engine's own
        told = plain(session, f"EXPLAIN (FORMAT JSON) {query}").fetchall()
        counted.update(_scans(json.loads(told[-1][1])))
        return plain(session, query)

    monkeypatch.setattr(DuckDB, "_run", run)
    return counted


def _scans(plan: list[dict[str, Any]]) -> Iterator[str]:
    """The tables that are scanned in a plan, each as often as it is."""
    for node in plan:
        table = node.get("extra_info", {}).get("Table", "")
        if "SCAN" in node["name"]:
            yield table.rpartition(".")[2]
        yield from _scans(node["children"])


def of_all(*, broken: bool) -> Stores:
    """A person for each rule, who breaks its promise or keeps it."""
    return as_stores(*((rule.breaks if broken else rule.keeps) for rule in RULES))


def events_in(scanned: Counter[str], rules: list[Rule], *, broken: bool) -> int:
    """How often the events were scanned for these rules."""
    scanned.clear()
    audit(of_all(broken=broken), rules)
    return scanned["events"]


@pytest.mark.parametrize("view", VIEWS)
def test_all_rules_of_a_view_cost_what_one_does(scanned: Counter[str], view: str) -> None:
    """However many of them are broken."""
    group = GROUPS[view]
    least = max(events_in(scanned, [rule], broken=True) for rule in group)
    assert least == events_in(scanned, group, broken=True)


def test_a_full_audit(scanned: Counter[str]) -> None:
    """As often as it is said where engines are told of, when rules of every view are broken."""
    assert events_in(scanned, [*RULES], broken=True) == MOST
