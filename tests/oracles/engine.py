"""What the engine says of histories, in the oracles' terms: which break a promise, how gravely."""

import re
from collections.abc import Collection, Iterable, Sequence

from auditor.audit import audit
from auditor.history import Moment
from auditor.report import Verdict
from auditor.rule import Severity, load_rules
from auditor.stores import as_stores

Way = tuple[str, Severity]
"""A rule, and a severity at which it is broken."""

RULES = {rule.name: rule for rule in load_rules()}


def broken(histories: Sequence[Iterable[Moment]], rules: Collection[str]) -> set[tuple[Way, int]]:
    """The ways in which promises are broken, each with the number of the history that does it."""
    verdicts = audit(as_stores(*histories), [RULES[name] for name in rules]).verdicts
    return {place for verdict in verdicts for place in _places(verdict)}


def severities(rule: str, history: Iterable[Moment]) -> set[Severity]:
    """How gravely one history breaks one promise: empty if it is not shown to."""
    return {severity for (_, severity), _ in broken([history], [rule])}


def _places(verdict: Verdict) -> set[tuple[Way, int]]:
    return {
        ((verdict.rule, finding.severity), int(found[1]))
        for finding in verdict.findings
        for evidence in finding.evidence
        if (found := re.match(r"history (\d+),", evidence.source))
    }
