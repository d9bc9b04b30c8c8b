"""A healthy fleet breaks no promise, and of a planted one an audit finds what the labels say."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from auditor.rule import load_rules
from auditor.simulate.forms import Form
from auditor.simulate.labels import Label

Shown = Callable[[Path], set[tuple[str, str, str]]]
Simulate = Callable[..., Path]

FOLLOWS: dict[str, set[str]] = {
    # an ID that stands for another, or that many share, is so in every copy of the history
    "enrollment_id_derived": {"enrollment_id_shared_between_clients"},
    "enrollment_id_malformed": {
        *("enrollment_id_changed_mid_change", "enrollment_id_reused_after_end"),
        *("enrollment_id_shared_between_clients",),
    },
    # the ID under a new client id is both: sent after the opt-out, and shared by two client ids
    "enrollment_id_sent_after_opt_out": {"enrollment_id_shared_between_clients"},
    "enrollment_id_shared_between_clients": {"enrollment_id_sent_after_opt_out"},
    # what returned was not cleared; the second ending uses the ID again
    "enrollment_id_restored_after_opt_out": {"enrollment_id_kept_after_opt_out"},
    "change_ended_twice": {"enrollment_id_reused_after_end"},
    # a rollback that gives the reason of a study
    "enrollment_id_lost_mid_change": {"code_undocumented"},
    # events that no contract knows
    "caller_outside_nightly": {"extra_undocumented", "unenroll_failed"},
    "event_extras_too_many": {"extra_undocumented"},
    "event_name_too_long": {"event_undocumented"},
    "preference_change_reports_more_than_the_name": {"extra_undocumented"},
    # texts that are wrong in more than one way
    "failure_reason_in_unknown_form": {
        *("addon_study_failed", "code_undocumented", "failure_reason_names_a_person"),
    },
    "failure_reason_names_a_person": {
        *("addon_study_failed", "failure_reason_in_unknown_form"),
    },
    "preference_branch_too_long": {"event_extra_too_long"},
    "preference_value_reported": {"preference_name_is_not_a_name"},
    "truncated_inside_a_character": {"event_extra_too_long"},
}
"""What a history that breaks one rule breaks besides, judged by hand.

Left out: `extra_missing`, since histories are told without the extras that do not matter to them.
"""


def labels_in(folder: Path) -> list[Label]:
    """The labels of a fleet."""
    rows = pq.read_table(folder / "labels.parquet").to_pylist()
    return [Label(**row) for row in rows]


def test_a_healthy_fleet_breaks_no_promise(simulate: Simulate, shown: Shown) -> None:
    """Real oddities (opt-outs, copies of profiles, failures, truncation) are no breach."""
    assert set() == shown(simulate(400, Form.SQLITE))


def test_an_audit_finds_what_is_planted_and_no_more(
    simulate: Simulate, shown: Shown, labelled: Shown
) -> None:
    """Every label is found, and nothing that is not labelled: in the pings that the labels name."""
    folder = simulate(200, Form.SQLITE, "all=3")
    assert labelled(folder) == shown(folder)


def test_every_rule_is_planted_for_as_many_people_as_asked(simulate: Simulate) -> None:
    """Each rule is broken by so many people of its own."""
    people = defaultdict(set)
    for label in labels_in(simulate(1, Form.SQLITE, "all=2")):
        if label.rule == label.planted and label.history == "breaks":
            people[label.rule].add(label.client)
    assert {rule.name: 2 for rule in load_rules()} == {
        rule: len(own) for rule, own in people.items()
    }


def test_what_else_a_planted_history_breaks_is_known(simulate: Simulate) -> None:
    """What follows from what is planted is what was judged by hand."""
    follows = defaultdict(set)
    for label in labels_in(simulate(1, Form.SQLITE, "all=2")):
        own = label.rule in {label.planted, "extra_missing"}
        if label.history == "breaks" and label.severity != "note" and not own:
            follows[label.planted].add(label.rule)
    assert follows == FOLLOWS


def test_one_rule_may_be_planted_alone(simulate: Simulate) -> None:
    """Nobody breaks a rule that was not asked for."""
    labels = labels_in(simulate(1, Form.SQLITE, "enrollment_id_missing=3,unenroll_failed=1"))
    planted = {(label.planted, label.client) for label in labels if label.history == "breaks"}
    counted = sorted(name for name, _ in planted)
    assert [*["enrollment_id_missing"] * 3, "unenroll_failed"] == counted
