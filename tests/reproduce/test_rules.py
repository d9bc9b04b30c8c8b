"""Reproducers of findings that no recording has, from histories written by hand."""

from pathlib import Path

import pytest

from auditor.audit import audit
from auditor.history import Moment, change_preference, enroll, fail_to_enroll, recipe
from auditor.leaks import Leaks
from auditor.reproduce import put
from auditor.reproduce.making import Given, made
from auditor.reproduce.sights import Judge
from auditor.rule import Rule, load_rules
from auditor.stores import Stores, histories, read_stores, recorded_in, settled

RULES = {rule.name: rule for rule in load_rules()}
BROKEN = [
    "enrollment_id_derived",
    "enrollment_id_malformed",
    "enrollment_id_restored_after_opt_out",
    "enrollment_id_shared_between_changes",
    "failure_reason_in_unknown_form",
    "failure_reason_names_a_person",
    "preference_name_is_not_a_name",
    "preference_value_reported",
    "truncated_inside_a_character",
]


def given(*moments: Moment) -> Given:
    """One person's history, as if it had been read."""
    recorded = recorded_in(histories.written([moments]))
    stores = Stores(settled(recorded), (), frozenset(recorded), b"a history")
    return Given(stores, recorded, Judge(), b"a key")


def reproduced(rule: Rule, source: Given, path: Path) -> dict[str, int]:
    """Write the reproducer of the rule's first finding, and count its rows."""
    (verdict,) = audit(source.stores, [rule]).verdicts
    reproducer = made(verdict.findings[0].fingerprint, source)
    return put(path, reproducer, source.judge, Leaks(source.stores))


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_a_rule_breaks_it_in_its_reproducer(name: str, tmp_path: Path) -> None:
    """Identifiers that are malformed or derived, paths, values and half characters stay such."""
    rule, path = RULES[name], tmp_path / "mini.db"
    source = given(*rule.breaks, enroll("beside it", day=9, change="another-study"))
    kept = reproduced(rule, source, path)
    (verdict,) = audit(read_stores([path]), [rule]).verdicts
    (before,) = audit(source.stores, [rule]).verdicts
    assert before.findings[0].severity in {finding.severity for finding in verdict.findings}
    assert sum(kept.values()) <= 2 * len(rule.breaks)


@pytest.mark.parametrize(
    ("name", "moments", "gone"),
    [
        pytest.param(
            "preference_value_reported",
            (
                recipe(preference="browser.home", value="https://ada.example"),
                change_preference("e1", day=1, name="browser.home=https://ada.example"),
            ),
            [b"ada.example", b"browser.home"],
            id="a value that was reported, and the preference that a sentence does not name",
        ),
        pytest.param(
            "failure_reason_names_a_person",
            (
                fail_to_enroll(
                    day=1, reason="/home/lovelace/b.mjs:12:3 TypeError", kind="addon_study"
                ),
            ),
            [b"lovelace"],
            id="a person named in a path",
        ),
    ],
)
def test_nothing_is_left_of_a_text_but_its_form(
    name: str, moments: tuple[Moment, ...], gone: list[bytes], tmp_path: Path
) -> None:
    """What a value or a path was is not in the file, though the rule is broken by it."""
    path = tmp_path / "mini.db"
    reproduced(RULES[name], given(*moments), path)
    data = path.read_bytes()
    assert [text for text in gone if text in data] == []
