"""The self-test of the rules."""

from auditor.rule import load_rules
from auditor.selftest import selftest, table


def test_every_rule_finds_what_breaks_it_and_no_more() -> None:
    """Every `breaks` is found, every `keeps` is not, and no rule is left out."""
    trials = selftest()
    assert {trial.rule for trial in trials if trial.passed} == {rule.name for rule in load_rules()}


def test_a_rule_that_misses_is_told() -> None:
    """A rule blind to its own example is named as such, in words that nobody overlooks."""
    rule = load_rules()[0].model_copy(update={"broken_when": "FALSE"})
    assert "MISSED" in table(selftest([rule]))
