"""The rules put to the test: what breaks each is planted and must be found, what keeps it not."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.audit import audit
from auditor.history import Moment
from auditor.report import Outcome
from auditor.rule import Rule, load_rules
from auditor.stores import as_stores


@dataclass(frozen=True)
class Trial:
    """What one rule made of the histories that it is explained by."""

    rule: str
    found: bool
    spurious: bool

    @property
    def passed(self) -> bool:
        """Whether the rule found what was planted and nothing else."""
        return self.found and not self.spurious

    def __str__(self) -> str:
        """One line of the table."""
        told = {True: "found", False: "MISSED"}[self.found]
        return f"{told:<7} {'SPURIOUS' if self.spurious else 'silent':<9} {self.rule}"


def selftest(rules: Iterable[Rule] | None = None) -> list[Trial]:
    """Plant every rule's own examples, audit them, and tell what was found."""
    return [_tried(rule) for rule in rules or load_rules()]


def table(trials: list[Trial]) -> str:
    """The trials, a line each under a heading, and a summary."""
    passed = sum(trial.passed for trial in trials)
    lines = ["planted kept      rule", *map(str, trials)]
    return "\n".join(
        [*lines, f"{passed} of {len(trials)} rules found what breaks them and no more"]
    )


def _tried(rule: Rule) -> Trial:
    found = _outcome(rule, rule.breaks) is Outcome.BROKEN
    return Trial(rule.name, found, spurious=_outcome(rule, rule.keeps) is not Outcome.HOLDS)


def _outcome(rule: Rule, history: Iterable[Moment]) -> Outcome:
    return audit(as_stores(history), [rule]).verdicts[0].verdict
