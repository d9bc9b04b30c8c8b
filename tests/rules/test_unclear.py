"""Histories with an innocent and a guilty reading: both are told, and nobody is accused.

Where a store does not tell when its pings were made, events of two sessions are known to a minute
only: what came first within it is not.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from auditor.history import (
    FILLER,
    Moment,
    annotate,
    enroll,
    graduate,
    keep_record,
    opt_in,
    opt_out,
    refuse_to_end,
    unenroll,
    update,
)
from auditor.report import Verdict
from tests.oracles.lives import SECOND

Judge = Callable[[str, Iterable[Moment]], Verdict]

NIMBUS = "nimbus_experiment"
ROLLOUT = "preference_rollout"


def undated(*moments: Moment) -> list[Moment]:
    """The same in a store that does not tell when pings were made, each in a session of its own."""
    return [
        replace(moment, dated=False, received=moment.day, session=f"session {number}")
        for number, moment in enumerate(moments)
    ]


def no_session(*moments: Moment) -> list[Moment]:
    """The same in a store that does not tell sessions."""
    return [replace(moment, session=None) for moment in moments]


CASES: dict[str, tuple[str, str, list[Moment]]] = {
    "two endings within a minute may have a start between them": (
        "change_ended_twice",
        "ambiguous: 1 of 1",
        undated(unenroll("e1", day=1), unenroll("e1", day=1 + 50 * SECOND)),
    ),
    "two endings an hour apart have none": (
        "change_ended_twice",
        "broken",
        undated(unenroll("e1", day=1), unenroll("e1", day=1 + 3600 * SECOND)),
    ),
    "an ending and a use within a minute are one ending": (
        "change_ended_twice",
        "holds",
        undated(unenroll("e1", day=1), update("e1", day=1 + 50 * SECOND, kind="preference_study")),
    ),
    "two enrollments within a minute may have an end between them": (
        "change_enrolled_twice",
        "ambiguous: 1 of 1",
        undated(enroll("e1", day=1), enroll("e2", day=1 + 50 * SECOND)),
    ),
    "an enrollment and an end within a minute are one enrollment": (
        "change_enrolled_twice",
        "holds",
        undated(enroll("e1", day=1), unenroll("e1", day=1 + 50 * SECOND)),
    ),
    "two IDs within a minute may be of two stays": (
        "enrollment_id_changed_mid_change",
        "ambiguous: 1 of 1",
        undated(enroll("e1", day=1), unenroll("e2", day=1 + 50 * SECOND)),
    ),
    "one ID within a minute is no other": (
        "enrollment_id_changed_mid_change",
        "holds",
        undated(enroll("e1", day=1), unenroll("e1", day=1 + 50 * SECOND)),
    ),
    "a filler and an ID within a minute may be in either order": (
        "enrollment_id_lost_mid_change",
        "ambiguous: 1 of 1",
        undated(enroll("e1", day=1, kind=ROLLOUT), update(FILLER, day=1 + 50 * SECOND)),
    ),
    "an ending, and two within a minute of each other, may have starts between them": (
        "change_ended_twice",
        "ambiguous: 1 of 1",
        undated(
            enroll("e1", day=0.5),
            unenroll("e1", day=1),
            unenroll("e1", day=1 + 50 * SECOND),
            update("e1", day=2, kind="preference_study"),
        ),
    ),
    "a refusal after an end that came before the enrollment, by a clock that was set back": (
        "enrollment_id_reused_after_end",
        "ambiguous: 1 of 1",
        [
            graduate("e1", day=1, session="first"),
            enroll("e1", day=2, kind=ROLLOUT, session="second"),
            refuse_to_end(
                "e1", day=3, reason="graduated", object="preference_rollback", session="second"
            ),
        ],
    ),
    "two endings in one session are in order, dated or not": (
        "change_ended_twice",
        "broken",
        [
            replace(moment, dated=False, received=moment.day)
            for moment in (unenroll("e1", day=1), unenroll("e1", day=1 + 50 * SECOND))
        ],
    ),
    "an annotation in a ping that is not dated is in no order": (
        "enrollment_id_lost_mid_change",
        "holds",
        undated(enroll("e1", day=1), annotate(FILLER, day=2)),
    ),
    "a listing outside of any session may come after a filler of the same minute": (
        "enrollment_id_lost_mid_change",
        "ambiguous: 1 of 1",
        [
            annotate("e1", day=1 + 40 * SECOND, session=None),
            *undated(update(FILLER, day=1 + 50 * SECOND, kind="preference_study")),
        ],
    ),
    "an ID that a copied profile was seen with as it was made was not sent since": (
        "id_made_while_off_sent_later",
        "holds",
        [
            opt_out(day=1),
            annotate("e1", day=2, client="phone"),
            enroll("e1", day=2),
            opt_in(day=3),
            annotate(None, day=4),
        ],
    ),
    "a use within a minute of the end may come before it": (
        "enrollment_id_reused_after_end",
        "ambiguous: 1 of 1",
        undated(graduate("e1", day=1), update("e1", day=1 + 50 * SECOND)),
    ),
    "an end within a minute of a use may come before it": (
        "enrollment_id_reused_after_end",
        "ambiguous: 1 of 1",
        undated(update("e1", day=1), graduate("e1", day=1 + 50 * SECOND)),
    ),
    "a use an hour after the end comes after it, dated or not": (
        "enrollment_id_reused_after_end",
        "broken",
        undated(graduate("e1", day=1), update("e1", day=1 + 3600 * SECOND)),
    ),
    "an end an hour after the use comes after it, dated or not": (
        "enrollment_id_reused_after_end",
        "holds",
        undated(update("e1", day=1), graduate("e1", day=1 + 3600 * SECOND)),
    ),
    "a use a minute after the end may come at the same time": (
        "enrollment_id_reused_after_end",
        "ambiguous: 1 of 1",
        undated(graduate("e1", day=1), update("e1", day=1 + 60 * SECOND)),
    ),
    "a use more than a minute after the end comes after it": (
        "enrollment_id_reused_after_end",
        "broken",
        undated(graduate("e1", day=1), update("e1", day=1 + 61 * SECOND)),
    ),
    "a use a minute before the end cannot come after it": (
        "enrollment_id_reused_after_end",
        "holds",
        undated(update("e1", day=1), graduate("e1", day=1 + 60 * SECOND)),
    ),
    "without a session, a use within a minute of the end may come before it": (
        "enrollment_id_reused_after_end",
        "ambiguous: 1 of 1",
        no_session(graduate("e1", day=1), update("e1", day=1)),
    ),
    "without a session, two endings are not in any order": (
        "change_ended_twice",
        "nothing-to-examine",
        no_session(unenroll("e1", day=1), unenroll("e1", day=2)),
    ),
    "within a session, the order is known, dated or not": (
        "enrollment_id_reused_after_end",
        "broken",
        [
            replace(moment, dated=False, received=moment.day)
            for moment in (graduate("e1", day=1), update("e1", day=1 + 50 * SECOND))
        ],
    ),
    "two sessions that are dated are in order": (
        "enrollment_id_reused_after_end",
        "broken",
        [
            graduate("e1", day=1, session="first"),
            update("e1", day=1 + 50 * SECOND, session="second"),
        ],
    ),
    "an end in another session soon after a use comes after it": (
        "enrollment_id_reused_after_end",
        "holds",
        [
            update("e1", day=1, session="first"),
            graduate("e1", day=1 + 10 * SECOND, session="second"),
        ],
    ),
    "a record that only a profile after an opt-out shows may be from before it": (
        "enrollment_id_kept_after_opt_out",
        "ambiguous: 1 of 1",
        [opt_out(day=1), keep_record("e1", day=3)],
    ),
    "a record of Nimbus that only a profile after an opt-out shows may be from before it": (
        "nimbus_id_kept_after_opt_out",
        "ambiguous: 1 of 1",
        [opt_out(day=1), keep_record("e1", day=3, kind=NIMBUS)],
    ),
    "beside a record that was cleared, one that may be from before an opt-out": (
        "enrollment_id_kept_after_opt_out",
        "ambiguous: 1 of 2",
        [opt_out(day=1), keep_record("e1", day=3), keep_record(FILLER, day=3, change="other")],
    ),
    "beside a record of Nimbus that was cleared, one that may be from before an opt-out": (
        "nimbus_id_kept_after_opt_out",
        "ambiguous: 1 of 2",
        [
            opt_out(day=1),
            keep_record("e1", day=3, kind=NIMBUS),
            keep_record(FILLER, day=3, kind=NIMBUS, change="other"),
        ],
    ),
    "a record of Nimbus is none of Normandy's": (
        "enrollment_id_kept_after_opt_out",
        "nothing-to-examine",
        [opt_out(day=1), keep_record("e1", day=3, kind=NIMBUS)],
    ),
    "a record of Normandy is none of Nimbus's": (
        "nimbus_id_kept_after_opt_out",
        "nothing-to-examine",
        [opt_out(day=1), keep_record("e1", day=3)],
    ),
    "a record of a person who never turned upload off proves nothing": (
        "enrollment_id_kept_after_opt_out",
        "nothing-to-examine",
        [enroll("e1", day=1), keep_record("e1", day=3)],
    ),
}


@pytest.mark.parametrize("sentence", CASES)
def test_what_can_be_read_in_two_ways_accuses_nobody(sentence: str, judge: Judge) -> None:
    """The verdict, or why there is none and for how many subjects."""
    rule, expected, history = CASES[sentence]
    verdict = judge(rule, history)
    assert expected == _told(verdict)


def _told(verdict: Verdict) -> str:
    if verdict.reason is None:
        return verdict.verdict
    counted = " ".join((verdict.detail or "").split()[:3])
    return f"ambiguous: {counted}" if verdict.reason == "ambiguous" else verdict.reason
