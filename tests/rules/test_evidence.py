"""What a finding shows: the places that prove it, in order, each with what it shows.

Each history has, beside what is to be shown, its neighbours: uses of the same ID or change that
prove nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from auditor.history import (
    FILLER,
    Moment,
    annotate,
    enroll,
    event,
    fail_to_enroll,
    graduate,
    keep_record,
    opt_in,
    opt_out,
    refuse_to_end,
    report_freshness,
    unenroll,
    update,
)
from auditor.report import Verdict
from tests.oracles.lives import SECOND

Judge = Callable[[str, Iterable[Moment]], Verdict]
Shown = list[tuple[str, str]]
"""Day and event of a place, and what it shows."""

ROLLBACK = "preference_rollback"
ROLLOUT = "preference_rollout"
CASES: dict[str, tuple[str, list[Moment], Shown]] = {
    "of two endings, the one that was one too many": (
        "change_ended_twice",
        [
            enroll("e1", day=1),
            unenroll("e1", day=2),
            refuse_to_end("e1", day=2.5, reason="already-unenrolled"),
            unenroll("e1", day=3),
            unenroll("e1", day=4),
        ],
        [
            ("2 unenroll preference_study", "it ends"),
            ("3 unenroll preference_study", "it ends again"),
        ],
    ),
    "of two enrollments, the second, and whatever the change had been through": (
        "change_enrolled_twice",
        [
            enroll("e1", day=1),
            event("expPrefChanged", "e1", day=1.5),
            enroll("e2", day=2),
            unenroll("e2", day=3),
        ],
        [
            ("1 enroll preference_study", "what came before"),
            ("2 enroll preference_study", "enrolled again"),
        ],
    ),
    "of a study that was joined after its end, the end": (
        "change_enrolled_twice",
        [annotate("e1", day=1), unenroll("e1", day=2), enroll("e1", day=2.5), enroll("e2", day=3)],
        [
            ("2 unenroll preference_study", "what came before"),
            ("3 enroll preference_study", "enrolled again"),
        ],
    ),
    "of uses before an enrollment, the first": (
        "change_used_before_enrollment",
        [
            enroll("e1", day=1, change="other"),
            fail_to_enroll(day=1.5, reason="invalid-branch"),
            update("e2", day=2, kind="preference_study"),
            annotate("e2", day=2.5),
            unenroll("e2", day=3),
        ],
        [("2 update preference_study", "an event without an enrollment before it")],
    ),
    "of two IDs, the first and what changed it": (
        "enrollment_id_changed_mid_change",
        [
            annotate("e1", day=0.5),
            fail_to_enroll(day=0.7, reason="invalid-branch"),
            enroll("e1", day=1),
            refuse_to_end(None, day=1.5, reason="does-not-exist"),
            update("e2", day=2, kind="preference_study"),
            unenroll("e3", day=3),
        ],
        [
            ("1 enroll preference_study", "it has an ID"),
            ("2 update preference_study", "it has another"),
        ],
    ),
    "of a Glean deletion request, that it carries the ID": (
        "enrollment_id_in_deletion_request",
        [
            enroll("e1", day=1),
            annotate("e1", day=2, document_type="glean:deletion-request"),
            annotate("e1", day=3),
        ],
        [("2 environment.experiments", "the deletion request carries the ID")],
    ),
    "of a lost ID, the last time it was there, and the fillers after it": (
        "enrollment_id_lost_mid_change",
        [
            annotate(FILLER, day=0.2, kind=ROLLOUT),
            update(FILLER, day=0.3),
            annotate("e1", day=0.5, kind=ROLLOUT),
            fail_to_enroll(day=0.7, reason="conflict", kind=ROLLOUT),
            enroll("e1", day=1, kind=ROLLOUT),
            keep_record(FILLER, day=1.5, kind=ROLLOUT),
            update(FILLER, day=2),
            annotate(FILLER, day=3, kind=ROLLOUT),
            annotate("e1", day=3.5, kind=ROLLOUT),
            graduate("e1", day=4),
        ],
        [
            ("1 enroll preference_rollout", "it has an ID"),
            ("2 update preference_rollout", "it has lost its ID"),
            ("3 environment.experiments", "its annotation has lost the ID"),
        ],
    ),
    "of an ID that only an annotation has told, its loss": (
        "enrollment_id_lost_mid_change",
        [annotate("e1", day=1, kind=ROLLOUT), update(FILLER, day=2), graduate("e1", day=3)],
        [("2 update preference_rollout", "it has lost its ID")],
    ),
    "of an ID that only a snapshot shows to be from before an opt-out, the snapshot": (
        "enrollment_id_recorded_after_opt_out",
        [
            keep_record("e1", day=1),
            opt_out(day=2),
            annotate("e1", day=2),
            annotate("e1", day=3),
        ],
        [
            ("3 environment.experiments", "listed in a ping made while upload was off"),
            ("1 record preference_study", "the ID before the opt-out"),
        ],
    ),
    "of an ID that only a snapshot shows to be older than what was sent, the snapshot": (
        "enrollment_id_sent_after_opt_out",
        [
            keep_record("e1", day=1),
            opt_out(day=2),
            annotate("e1", day=2),
            opt_in(day=3),
            annotate("e1", day=4),
        ],
        [
            ("4 environment.experiments", "in a ping recorded after upload was on again"),
            ("1 record preference_study", "the ID before the opt-out"),
        ],
    ),
    "of an ID recorded while upload is off, the events and the annotations": (
        "enrollment_id_recorded_after_opt_out",
        [
            keep_record("e1", day=0.5),
            enroll("e1", day=1),
            opt_out(day=2),
            annotate("e1", day=2 + 2 * SECOND),
            annotate("e1", day=2 + 3 * SECOND),
            event("expPrefChanged", "e1", day=2 + 2 * SECOND),
            event("expPrefChanged", "e1", day=2 + 3 * SECOND),
            unenroll("e1", day=2.5),
            annotate("e1", day=3),
            keep_record("e1", day=3.5),
            opt_in(day=4),
            annotate("e1", day=5),
            event("expPrefChanged", "e1", day=6),
        ],
        [
            ("1 enroll preference_study", "the ID before the opt-out"),
            ("2.5 unenroll preference_study", "in an event of a ping made while upload was off"),
            ("3 environment.experiments", "listed in a ping made while upload was off"),
        ],
    ),
    "of an ID used after the end, the end and the uses": (
        "enrollment_id_reused_after_end",
        [
            enroll("e1", day=1, kind=ROLLOUT),
            refuse_to_end("e1", day=1.5, reason="graduated", object=ROLLBACK),
            graduate("e1", day=2),
            annotate("e1", day=2.5, kind=ROLLOUT),
            refuse_to_end("e1", day=3, reason="already-unenrolled", object=ROLLBACK),
            refuse_to_end("e1", day=4, reason="graduated", object=ROLLBACK),
            update("e1", day=5),
            graduate("e1", day=6),
        ],
        [
            ("2 graduate preference_rollout", "the change ends"),
            ("4 unenrollFailed preference_rollback", "it is named by a failed ending"),
            ("5 update preference_rollout", "its ID is used again"),
            ("6 graduate preference_rollout", "its ID is used again"),
        ],
    ),
    "of a use after the end in a store that does not date pings, the end and the use": (
        "enrollment_id_reused_after_end",
        [
            replace(moment, dated=False, received=moment.day, session=f"session {moment.day}")
            for moment in (
                enroll("e1", day=1, kind=ROLLOUT),
                graduate("e1", day=2),
                annotate("e1", day=2.5, kind=ROLLOUT),
                event("unenrollFailed", "e1", day=3, object=ROLLBACK),
                update("e1", day=4),
            )
        ],
        [
            ("2 graduate preference_rollout", "the change ends"),
            ("3 unenrollFailed preference_rollback", "it is named by a failed ending"),
            ("4 update preference_rollout", "its ID is used again"),
        ],
    ),
    "of a use soon after the end, the end and the use": (
        "enrollment_id_reused_after_end",
        [graduate("e1", day=2), update("e1", day=2 + 10 * SECOND)],
        [
            ("2 graduate preference_rollout", "the change ends"),
            ("2.00012 update preference_rollout", "its ID is used again"),
        ],
    ),
    "of a use after the end in a store without sessions, the end and the sure use": (
        "enrollment_id_reused_after_end",
        [
            replace(moment, session=None)
            for moment in (
                update("e1", day=1),
                graduate("e1", day=2),
                graduate("e1", day=2 + 20 * SECOND),
                update("e1", day=2 + 30 * SECOND),
                annotate("e1", day=3, kind=ROLLOUT),
                update("e1", day=4),
            )
        ],
        [
            ("2 graduate preference_rollout", "the change ends"),
            ("4 update preference_rollout", "its ID is used again"),
        ],
    ),
    "of a refusal that gives no reason, the end and the refusal": (
        "enrollment_id_reused_after_end",
        [unenroll("e1", day=1), event("unenrollFailed", "e1", day=2)],
        [
            ("1 unenroll preference_study", "the change ends"),
            ("2 unenrollFailed preference_study", "it is named by a failed ending"),
        ],
    ),
    "of a refusal to roll back, the end and the refusal": (
        "enrollment_id_reused_after_end",
        [
            enroll("e1", day=1, kind=ROLLOUT),
            refuse_to_end("e1", day=1.5, reason="rollback", object=ROLLBACK),
            graduate("e1", day=2),
            annotate("e1", day=2.5, kind=ROLLOUT),
            refuse_to_end("e1", day=3, reason="graduated", object=ROLLBACK),
            keep_record("e1", day=4, kind=ROLLOUT),
        ],
        [
            ("2 graduate preference_rollout", "the change ends"),
            ("3 unenrollFailed preference_rollback", "its ID is named again"),
        ],
    ),
    "of an ID sent after an opt-out, the pings under the new client id": (
        "enrollment_id_sent_after_opt_out",
        [
            keep_record("e1", day=0.5),
            enroll("e1", day=1),
            annotate("e1", day=1.5, client="phone"),
            annotate("e1", day=2, client="phone"),
            opt_out(day=2),
            annotate("e1", day=2.5),
            opt_in(day=3),
            annotate("e1", day=4),
            annotate("e1", day=4.5, client="client 1"),
            keep_record("e1", day=5),
        ],
        [
            ("1 enroll preference_study", "the ID before the opt-out"),
            ("4 environment.experiments", "in a ping recorded after upload was on again"),
        ],
    ),
    "of an ID sent late, the pings that came after the grace": (
        "enrollment_id_sent_after_opt_out",
        [
            enroll("e1", day=1, received=2 + 59 * SECOND),
            annotate("e1", day=1.2, received=2 + 60 * SECOND),
            event("expPrefChanged", "e1", day=1.5, received=2 + 61 * SECOND),
            opt_out(day=2),
        ],
        [
            ("1 enroll preference_study", "the ID before the opt-out"),
            (
                "1.5 expPrefChanged preference_study",
                "the ID before the opt-out; in a ping received after the deletion request",
            ),
        ],
    ),
    "of an ID sent after an opt-out made while closed, nothing of when it came": (
        "enrollment_id_sent_after_opt_out",
        [
            enroll("e1", day=1),
            opt_out(day=2, how="while closed"),
            opt_in(day=3),
            annotate("e1", day=4, received=4.5),
        ],
        [
            ("1 enroll preference_study", "the ID before the opt-out"),
            ("4 environment.experiments", "in a ping recorded after upload was on again"),
        ],
    ),
    "of an ID of two studies, both, whichever came first": (
        "enrollment_id_shared_between_changes",
        [
            enroll("e1", day=1, change="two"),
            enroll("e1", day=2, change="one"),
            keep_record("e1", day=3, change="one"),
        ],
        [
            ("1 enroll preference_study", "another change that it names"),
            ("2 enroll preference_study", "one change that the ID names"),
        ],
    ),
    "of an ID of a study and a rollout of one name, both": (
        "enrollment_id_shared_between_changes",
        [enroll("e1", day=1), enroll("e1", day=2, kind="addon_study")],
        [
            ("1 enroll preference_study", "another change that it names"),
            ("2 enroll addon_study", "one change that the ID names"),
        ],
    ),
    "of an ID that a conflict gives to a third rollout, the conflict": (
        "enrollment_id_shared_between_changes",
        [
            enroll("e1", day=1, kind="addon_rollout", change="b"),
            *(
                fail_to_enroll(
                    "e1",
                    day=day,
                    reason="conflict",
                    kind="addon_rollout",
                    change="a",
                    extras={"conflictingSlug": other},
                )
                for day, other in ((2, "b"), (3, "c"))
            ),
        ],
        [
            ("1 enroll addon_rollout", "one change that the ID names"),
            ("3 enrollFailed addon_rollout", "a conflict that names it for a third"),
        ],
    ),
    "of an ID that a conflict gives to a third rollout of an earlier name, the conflict": (
        "enrollment_id_shared_between_changes",
        [
            enroll("e1", day=1, kind="addon_rollout", change="b"),
            update(
                "e1", day=1.5, kind="addon_rollout", change="b", extras={"conflictingSlug": "z"}
            ),
            *(
                fail_to_enroll(
                    "e1",
                    day=day,
                    reason="conflict",
                    kind="addon_rollout",
                    change="c",
                    extras={"conflictingSlug": other},
                )
                for day, other in ((2, "b"), (3, "a"))
            ),
        ],
        [
            ("1 enroll addon_rollout", "one change that the ID names"),
            ("3 enrollFailed addon_rollout", "a conflict that names it for a third"),
        ],
    ),
    "of an ID that a conflict names, whose it is and the conflict": (
        "enrollment_id_shared_between_changes",
        [
            annotate("e1", day=0.5, kind="addon_rollout", change="b"),
            enroll("e1", day=1, kind="addon_rollout", change="b"),
            fail_to_enroll(
                "e1",
                day=2,
                reason="conflict",
                kind="addon_rollout",
                change="a",
                extras={"conflictingSlug": "b"},
            ),
        ],
        [
            ("1 enroll addon_rollout", "the change that the ID belongs to"),
            ("2 enrollFailed addon_rollout", "another rollout reports it"),
        ],
    ),
    "of reports of freshness, those past a limit": (
        "freshness_keys_over_limit",
        [
            report_freshness(day=1, **{str(n): n for n in range(100)}),
            report_freshness(day=2, **{str(n): n for n in range(101)}),
            report_freshness(day=3, **{"1" * 72: 1}),
            report_freshness(day=4, **{"1" * 73: 1}),
        ],
        [
            ("2 normandy.recipe_freshness", "the scalar"),
            ("4 normandy.recipe_freshness", "the scalar"),
        ],
    ),
    "of reports of freshness, those that are no time": (
        "freshness_not_a_time",
        [report_freshness(day=1, a=1_795_502_378), report_freshness(day=2, a=3101)],
        [("2 normandy.recipe_freshness", "the scalar")],
    ),
    "of events with long extras, those past the limit": (
        "event_extra_too_long",
        [enroll("e1", day=n, extras={"detail": "x" * length}) for n, length in ((1, 80), (2, 81))],
        [("2 enroll preference_study", "an extra is too long")],
    ),
    "of events with long values, those past the limit": (
        "event_value_too_long",
        [enroll("e1", day=n, change="x" * length) for n, length in ((1, 80), (2, 81))],
        [("2 enroll preference_study", "the value is too long")],
    ),
    "of an ID under two client ids, both": (
        "enrollment_id_shared_between_clients",
        [enroll("e1", day=1), annotate("e1", day=2, client="phone"), keep_record("e1", day=3)],
        [
            ("1 enroll preference_study", "the ID under one client id"),
            ("2 environment.experiments", "the same ID under another"),
        ],
    ),
    "of a study that began while off without an ID, its enrollment": (
        "enrollment_while_off_without_id",
        [
            opt_out(day=1),
            enroll(FILLER, day=2),
            annotate(FILLER, day=3),
            unenroll(FILLER, day=4),
            enroll("e1", day=5),
        ],
        [("2 enroll preference_study", "enrolled without an ID")],
    ),
    "of an ID made while off and known to another browser before, the making": (
        "id_made_while_off_sent_later",
        [
            opt_out(day=1),
            annotate("e1", day=2),
            enroll("e1", day=3, client="phone"),
            enroll("e1", day=4),
        ],
        [
            ("3 enroll preference_study", "it stands in a ping recorded with upload on"),
            ("4 enroll preference_study", "the ID is made while upload is off"),
        ],
    ),
    "of an ID made while off, its making and the pings since with upload on": (
        "id_made_while_off_sent_later",
        [
            opt_out(day=1),
            annotate("e1", day=1.5),
            enroll("e1", day=2),
            annotate("e1", day=2.5),
            keep_record("e1", day=2.6),
            opt_in(day=3),
            keep_record("e1", day=3.5),
            annotate("e1", day=4),
        ],
        [
            ("2 enroll preference_study", "the ID is made while upload is off"),
            ("4 environment.experiments", "it stands in a ping recorded with upload on"),
        ],
    ),
}


@pytest.mark.parametrize("sentence", CASES)
def test_a_finding_shows_what_proves_it_and_nothing_else(sentence: str, judge: Judge) -> None:
    """Each place with its day, its event, and what it shows."""
    rule, history, expected = CASES[sentence]
    (finding,) = judge(rule, history).findings
    assert expected == [
        (f"{place.source.rpartition('day ')[2]} {place.event}", place.note)
        for place in finding.evidence
    ]
