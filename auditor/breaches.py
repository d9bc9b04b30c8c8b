"""Every breach in stores whose truth is known, unredacted: never for a store of somebody else's."""

from collections.abc import Iterator, Sequence

from auditor.audit import Options, engine_over, prepare
from auditor.engines.asking import Breach
from auditor.readings import Contracts
from auditor.rule import Rule, Severity
from auditor.stores import Stores

EVERY_PLACE = 1 << 40
"""More places than any subject has: a report shows a few."""


def breaches_in(stores: Stores, rules: Sequence[Rule]) -> Iterator[tuple[Rule, Breach]]:
    """Every breach of every rule, with all places where it stands. Raises RuleCrashError."""
    contracts = Contracts()
    with engine_over(stores, contracts, Options()) as engine:
        for view in sorted({rule.examines for rule in rules}):
            own = [rule for rule in rules if rule.examines == view]
            prepare(view, engine, contracts)
            for rule, tally in zip(own, engine.tally(view, own), strict=True):
                if sum(tally.broken):
                    found = engine.breaches(rule, tally, EVERY_PLACE)
                    yield from ((rule, breach) for breach in found)


def severity_of(rule: Rule, breach: Breach) -> Severity:
    """How grave the way is in which the rule was broken."""
    return rule.lesser[breach.way - 1].severity if breach.way else rule.severity
