"""Every rule's own examples: the history that keeps the promise, and the one that breaks it."""

from collections.abc import Callable, Iterable

from auditor.history import Moment
from auditor.report import Outcome, Verdict
from auditor.rule import Rule

Judge = Callable[[str, Iterable[Moment]], Verdict]


def test_a_history_that_keeps_the_promise_is_shown_to_hold(rule: Rule, judge: Judge) -> None:
    """`keeps` has subjects, and none of them breaks the promise."""
    assert judge(rule.name, rule.keeps).verdict is Outcome.HOLDS


def test_a_history_that_breaks_the_promise_is_found_at_the_rules_severity(
    rule: Rule, judge: Judge
) -> None:
    """`breaks` gives exactly one finding, as grave as the rule says."""
    verdict = judge(rule.name, rule.breaks)
    assert [finding.severity for finding in verdict.findings] == [rule.severity]


def test_a_finding_names_a_place_for_whatever_broke_the_promise(rule: Rule, judge: Judge) -> None:
    """Each finding has evidence, and each piece of it says what it shows."""
    findings = judge(rule.name, rule.breaks).findings
    notes = [[evidence.note for evidence in finding.evidence] for finding in findings]
    assert all(finding and all(finding) for finding in notes)


def test_whatever_a_rule_shows_breaks_the_promise_but_what_came_before(
    rule: Rule, judge: Judge
) -> None:
    """Of several things that a rule shows the first came before; every other is a breach."""
    first = next(iter(rule.shows)) if len(rule.shows) > 1 else None
    (finding,) = judge(rule.name, rule.breaks).findings
    told = {evidence.note: evidence.breaks for evidence in finding.evidence}
    assert {note: note != first for note in told} == told
    assert any(told.values())


def test_an_empty_store_proves_nothing(rule: Rule, judge: Judge) -> None:
    """Nothing examined is never a pass."""
    assert judge(rule.name, []).verdict is Outcome.UNPROVEN
