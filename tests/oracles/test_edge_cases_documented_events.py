"""Edge cases of the promises about the documented events, by name."""

import pytest

from auditor.history import (
    FILLER,
    Moment,
    annotate,
    enroll,
    fail_to_enroll,
    graduate,
    keep_record,
    opt_out,
    refuse_to_end,
    unenroll,
    update,
)
from auditor.rule import Severity
from tests.oracles.engine import severities

Case = tuple[str, set[Severity], list[Moment]]

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
ROLLBACK = "preference_rollback"
ROLLOUT = "preference_rollout"

CASES: dict[str, Case] = {
    "a first event that is no enrollment is used before it": (
        "change_used_before_enrollment",
        {LOW},
        [enroll("e1", day=1, change="other"), unenroll("e2", day=2)],
    ),
    "an enrollment that comes after the first use does not make up for it": (
        "change_used_before_enrollment",
        {LOW},
        [
            enroll("e1", day=1, change="other"),
            update("e2", day=2, kind="preference_study"),
            enroll("e2", day=3),
        ],
    ),
    "an enrollment after the first use does not make up for it, whatever follows": (
        "change_used_before_enrollment",
        {LOW},
        [
            enroll("e1", day=1, change="other"),
            update("e2", day=2, kind="preference_study"),
            enroll("e2", day=3),
            unenroll("e2", day=4),
        ],
    ),
    "a use between two enrollments comes after the first": (
        "change_used_before_enrollment",
        set(),
        [
            enroll("e1", day=1, change="other"),
            enroll("e2", day=2, kind=ROLLOUT),
            graduate("e2", day=3),
            enroll("e3", day=4, kind=ROLLOUT),
        ],
    ),
    "a use from before an opt-out is not excused by it": (
        "change_used_before_enrollment",
        {LOW},
        [
            enroll("e1", day=1, change="other"),
            update("e2", day=2, kind="preference_study"),
            opt_out(day=3),
            annotate(FILLER, day=4),
        ],
    ),
    "an attempt to enroll that failed is no use": (
        "change_used_before_enrollment",
        set(),
        [enroll("e1", day=1, change="other"), fail_to_enroll(day=2, reason="invalid-branch")],
    ),
    "a record seen before its rollout was joined anew agrees with what was reported then": (
        "stored_id_differs_from_reported",
        set(),
        [
            enroll("e1", day=1, kind=ROLLOUT),
            keep_record("e1", day=2, kind=ROLLOUT),
            graduate("e1", day=3),
            enroll("e2", day=4, kind=ROLLOUT),
        ],
    ),
    "a record disagrees with what was reported by then, though the reports change later": (
        "stored_id_differs_from_reported",
        {MEDIUM},
        [
            enroll("e2", day=1),
            keep_record("e1", day=2),
            unenroll("e2", day=3),
        ],
    ),
    "a study is joined again after its end": (
        "change_enrolled_twice",
        {MEDIUM},
        [enroll("e1", day=1), unenroll("e1", day=2), enroll("e2", day=3)],
    ),
    "a rollout is joined again after its end": (
        "change_enrolled_twice",
        set(),
        [
            enroll("e1", day=1, kind=ROLLOUT),
            graduate("e1", day=2),
            enroll("e2", day=3, kind=ROLLOUT),
        ],
    ),
    "a rollout that was taken up again ends again": (
        "change_ended_twice",
        set(),
        [
            graduate("e1", day=1),
            update("e1", day=2, extras={"previousState": "graduated"}),
            graduate("e1", day=3),
        ],
    ),
    "a study add-on ends its study twice": (
        "change_ended_twice",
        {MEDIUM},
        [unenroll("e1", day=1, kind="addon_study"), unenroll("e1", day=2, kind="addon_study")],
    ),
    "a study's end gives no reason that anyone knows": (
        "unenroll_reason_unknown",
        {MEDIUM},
        [unenroll("e1", day=1, reason="unknown", kind="addon_study")],
    ),
    "a rollback of what has graduated is refused for no bug": (
        "unenroll_failed",
        set(),
        [refuse_to_end("e1", day=1, reason="graduated", object=ROLLBACK)],
    ),
}


@pytest.mark.parametrize("sentence", CASES)
def test_a_promise_is_judged_as_the_sentence_says(sentence: str) -> None:
    """The history of the sentence breaks the promise as gravely as it should, or not at all."""
    rule, expected, history = CASES[sentence]
    assert expected == severities(rule, history)
