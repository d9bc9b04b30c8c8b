"""Findings about scalars and uptake reports."""

import re
from collections.abc import Iterator

from auditor.contract import Contract
from auditor.rule import Severity
from auditor.verifying.claims import Claim
from auditor.verifying.recorded import Fact

_MOST_KEYS, _LONGEST_KEY = 100, 72
_FIRST, _LAST = 1_483_228_800, 4_102_444_800
_SOURCES = {
    "runner": re.compile("normandy/runner"),
    "action": re.compile("normandy/action/[A-Za-z0-9_-]+"),
    "recipe": re.compile("normandy/recipe/[0-9]+"),
}


def _entries(claim: Claim) -> Iterator[list[Fact]]:
    """The keys of each scalar that the claim is about, together."""
    for name in sorted({(fact.row["ping"], fact.row["name"]) for fact in claim.facts}):
        yield [fact for fact in claim.facts if (fact.row["ping"], fact.row["name"]) == name]


def _keys_over_limit(claim: Claim) -> bool:
    each = [{fact.row["key"] for fact in facts} for facts in _entries(claim)]
    return any(len(keys) > _MOST_KEYS or max(map(len, keys)) > _LONGEST_KEY for keys in each)


def _no_time(claim: Claim) -> bool:
    values = [fact.row["value"] for fact in claim.facts]
    return any(value is None or not _FIRST <= value <= _LAST for value in values)


def _about(fact: Fact) -> str | None:
    source = fact.row["source"] or ""
    return next((name for name, form in _SOURCES.items() if form.fullmatch(source)), None)


def _unknown_source(claim: Claim) -> bool:
    return any(_about(fact) is None for fact in claim.facts)


def _unknown_status(claim: Claim) -> bool | None:
    grounds = claim.grounds
    if grounds.contract is None:
        return None
    return any(
        not _lists(grounds.documented, fact)
        and (
            claim.severity is Severity.NOTE
            or not _lists(grounds.browser(fact.ping["major"]) or grounds.documented, fact)
        )
        for fact in claim.facts
        if _about(fact)
    )


def _lists(contract: Contract, fact: Fact) -> bool:
    uptake = contract.uptake.get(_about(fact) or "")
    return uptake is not None and fact.row["status"] in uptake.statuses.values()


PROOFS = {
    "freshness_keys_over_limit": _keys_over_limit,
    "freshness_not_a_time": _no_time,
    "uptake_source_undocumented": _unknown_source,
    "uptake_status_undocumented": _unknown_status,
}
