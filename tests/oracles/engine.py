"""What the engine says of histories, in the oracles' terms: which break a promise, how gravely."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from auditor.audit import Options, engine_over, prepare
from auditor.engines.asking import Breach
from auditor.engines.engine import Engine
from auditor.history import Moment
from auditor.readings import AUTO, Contracts
from auditor.rule import Rule, Severity, load_rules
from auditor.stores import as_stores

Way = tuple[str, Severity]
"""A rule, and a severity at which it is broken."""

RULES = {rule.name: rule for rule in load_rules()}

EVERY_PLACE = 1_000_000
"""A report shows some of the places of what breaks a promise; each may be in another history."""


def broken(histories: Sequence[Iterable[Moment]], rules: Collection[str]) -> set[tuple[Way, int]]:
    """The ways in which promises are broken, each with the number of the history that does it."""
    contracts = Contracts(AUTO)
    views: defaultdict[str, list[Rule]] = defaultdict(list)
    for name in rules:
        views[RULES[name].examines].append(RULES[name])
    with engine_over(as_stores(*histories), contracts, Options()) as engine:
        for view in views:
            prepare(view, engine, contracts)
        return {way for view, some in views.items() for way in _broken(engine, view, some)}


def severities(rule: str, history: Iterable[Moment]) -> set[Severity]:
    """How gravely one history breaks one promise: empty if it is not shown to."""
    return {severity for (_, severity), _ in broken([history], [rule])}


def _broken(engine: Engine, view: str, rules: list[Rule]) -> Iterator[tuple[Way, int]]:
    for rule, tally in zip(rules, engine.tally(view, rules), strict=True):
        grave = (rule.severity, *(lesser.severity for lesser in rule.lesser))
        for breach in engine.breaches(rule, tally, EVERY_PLACE):
            yield from (((rule.name, grave[breach.way]), n) for n in _histories(breach))


def _histories(breach: Breach) -> set[int]:
    told = [place.source for place in breach.places if place.notes]
    return {int(found[1]) for source in told if (found := re.match(r"history (\d+),", source))}
