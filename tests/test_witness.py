"""Of a promise that holds, one subject that put it to the test can be shown."""

import re

import pytest

from auditor.audit import Options, audit
from auditor.report import Outcome, Verdict
from auditor.rule import Rule, load_rules
from auditor.stores import as_stores

RULES = {rule.name: rule for rule in load_rules()}
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def kept(rule: Rule, *, witnesses: bool = True) -> Verdict:
    """The verdict on the rule's own example of a promise kept."""
    options = Options(witnesses=witnesses)
    (verdict,) = audit(as_stores(rule.keeps), [rule], options).verdicts
    return verdict


@pytest.mark.parametrize("name", RULES)
def test_what_holds_has_a_witness(name: str) -> None:
    """The subject of the rule's example is shown, in a place of the example's."""
    verdict = kept(RULES[name])
    assert verdict.verdict is Outcome.HOLDS
    assert verdict.witness
    assert verdict.witness.evidence
    assert not any(place.breaks or place.note for place in verdict.witness.evidence)


@pytest.mark.parametrize("name", RULES)
def test_a_witness_is_told_by_tokens(name: str) -> None:
    """No identifier stands in what is said of it."""
    witness = kept(RULES[name]).witness
    assert witness
    assert not UUID.search(witness.message)


def test_what_is_broken_has_none() -> None:
    """A finding is shown instead, even where other subjects kept the promise."""
    rule = RULES["enrollment_id_reused_after_end"]
    stores = as_stores(rule.keeps, rule.breaks)
    (verdict,) = audit(stores, [rule], Options(witnesses=True)).verdicts
    assert (verdict.verdict, verdict.witness) == (Outcome.BROKEN, None)


def test_none_is_shown_unasked() -> None:
    """Reports stay as short as they are."""
    assert kept(RULES["enrollment_id_malformed"], witnesses=False).witness is None
