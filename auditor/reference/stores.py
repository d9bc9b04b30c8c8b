"""The kinds of store: what `stores` prints."""

import json
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from auditor import views
from auditor.reference import wrapped
from auditor.rule import load_rules
from auditor.stores import kinds


def kinds_told() -> str:
    """Every kind of store: how it is recognised, and which rules it can prove."""
    lines: list[str] = []
    for kind in _kinds():
        lines += [kind["kind"], f"  {kind['recognised']}"]
        proves, without = kind["proves"], kind["cannot_prove"]
        lines.append(f"  can prove {len(proves)} of {len(proves) + len(without)} rules")
        lines += wrapped("  not: ", ", ".join(without)) if without else []
        lines.append("")
    return "\n".join(lines).rstrip()


def kinds_as_json() -> str:
    """The same as JSON."""
    return json.dumps(_kinds(), indent=2)


def _kinds() -> list[dict[str, Any]]:
    reads = {rule.name: views.load()[rule.examines].reads for rule in load_rules()}
    return [
        _kind(kind, {name for name, tables in reads.items() if tables & kind.RECORDS}, reads)
        for kind in kinds()
    ]


def _kind(kind: ModuleType, proves: set[str], rules: Iterable[str]) -> dict[str, Any]:
    return {
        "kind": kind.KIND,
        "recognised": kind.LOOKS_LIKE,
        "records": sorted(kind.RECORDS),
        "proves": sorted(proves),
        "cannot_prove": sorted(set(rules) - proves),
    }
