"""What each rule examines: how many subjects a history has, among what only looks like one."""

from collections.abc import Callable, Iterable

import pytest

from auditor.history import (
    FILLER,
    Moment,
    annotate,
    change_preference,
    enroll,
    event,
    fail_to_enroll,
    graduate,
    keep_record,
    opt_in,
    opt_out,
    recipe,
    refuse_to_end,
    report_freshness,
    report_uptake,
    unenroll,
    update,
)
from auditor.report import Verdict
from tests.oracles.lives import SECOND

Judge = Callable[[str, Iterable[Moment]], Verdict]

NIMBUS = "nimbus_experiment"
ROLLBACK = "preference_rollback"
ROLLOUT = "preference_rollout"
GLEAN = "glean:deletion-request"


def failures(**extras: str) -> list[Moment]:
    """Failures of add-ons and of others, with a reason and an extra each."""
    return [
        event(method, None, day=day, kind=kind, extras={"reason": "it broke"} | extras)
        for day, (method, kind) in enumerate(
            [
                ("enrollFailed", "addon_study"),
                ("updateFailed", "addon_study"),
                ("unenroll", "addon_study"),
                ("enrollFailed", "addon_rollout"),
                ("updateFailed", "addon_rollout"),
                ("unenroll", "addon_rollout"),
                ("enrollFailed", "preference_study"),
                ("updateFailed", "preference_study"),
            ],
            start=1,
        )
    ]


CASES: dict[str, tuple[str, int, list[Moment]]] = {
    "the reasons of failed add-on studies": (
        "addon_study_failed",
        2,
        failures(detail="a detail"),
    ),
    "the reasons of failed add-ons": ("failure_reason_in_unknown_form", 4, failures(detail="x y")),
    "the reasons of failed add-ons, for what they tell": (
        "failure_reason_names_a_person",
        4,
        failures(detail="x y"),
    ),
    "failed unenrollments on a known channel": (
        "caller_outside_nightly",
        2,
        [
            refuse_to_end("e1", day=1, reason="already-unenrolled"),
            refuse_to_end("e1", day=2, reason="already-unenrolled", channel="nightly"),
            refuse_to_end("e1", day=3, reason="already-unenrolled", channel=None),
            unenroll("e1", day=4),
        ],
    ),
    "changes that ended": (
        "change_ended_twice",
        2,
        [
            enroll("e1", day=1),
            unenroll("e1", day=2),
            graduate("e2", day=3, change="rollout"),
            enroll("e3", day=4, change="other"),
        ],
    ),
    "changes that were enrolled in": (
        "change_enrolled_twice",
        1,
        [enroll("e1", day=1), unenroll("e1", day=2), update("e3", day=4, change="other")],
    ),
    "changes that began after the first ping": (
        "change_used_before_enrollment",
        1,
        [enroll("e1", day=1, change="first"), enroll("e2", day=2, change="second")],
    ),
    "no change that may have begun as the first ping was made": (
        "change_used_before_enrollment",
        0,
        [enroll("e1", day=1, change="first"), enroll("e2", day=1 + 20 * SECOND, change="second")],
    ),
    "changes that are first listed as they begin, or later": (
        "change_used_before_enrollment",
        3,
        [
            annotate("e0", day=1, change="listed before"),
            enroll("e0", day=2, change="listed before"),
            annotate("e0", day=2.5, change="listed before"),
            enroll("e1", day=3, change="listed after"),
            annotate("e1", day=4, change="listed after"),
            enroll("e2", day=5, change="listed at once"),
            annotate("e2", day=5, change="listed at once"),
            annotate("e3", day=6 - 30 * SECOND, change="listed when it may have begun"),
            enroll("e3", day=6, change="listed when it may have begun"),
        ],
    ),
    "changes that began before an opt-out, if there was one": (
        "change_used_before_enrollment",
        1,
        [
            annotate("e0", day=1, change="other"),
            fail_to_enroll(day=1.5, reason="invalid-branch", change="after"),
            enroll("e1", day=2, change="before"),
            opt_out(day=3),
            opt_in(day=4),
            unenroll(FILLER, day=4.5, change="before"),
            enroll("e2", day=5, change="after"),
            opt_out(day=6),
        ],
    ),
    "no change that an enrollment began after an opt-out": (
        "change_used_before_enrollment",
        0,
        [annotate("e0", day=1, change="other"), opt_out(day=2), opt_in(day=3), enroll("e1", day=4)],
    ),
    "no change that may have begun before any ping that lists changes": (
        "change_used_before_enrollment",
        0,
        [annotate(None, day=1, document_type="new-profile"), enroll("e1", day=2)],
    ),
    "no change of a person whose upload was off from the first": (
        "change_used_before_enrollment",
        0,
        [
            opt_out(day=1, how="while closed"),
            annotate(None, day=2),
            enroll("e1", day=3),
            opt_in(day=4),
            enroll("e2", day=5, change="other"),
        ],
    ),
    "no change that begins as upload is turned off": (
        "change_used_before_enrollment",
        0,
        [annotate("e0", day=1, change="other"), opt_out(day=3), enroll("e2", day=3)],
    ),
    "events that a contract knows, for their codes": (
        "code_undocumented",
        3,
        [
            enroll("e1", day=1),
            enroll("e2", day=2, kind="addon_rollout"),
            update("e2", day=2.5, kind="addon_rollout"),
            event("surrender", "e3", day=3),
        ],
    ),
    "events that a contract knows, for their extras": (
        "extra_undocumented",
        3,
        [
            enroll("e1", day=1),
            enroll("e2", day=2, kind="addon_rollout"),
            update("e2", day=2.5, kind="addon_rollout"),
            event("surrender", "e3", day=3),
        ],
    ),
    "events that the document has": (
        "extra_missing",
        1,
        [
            enroll("e1", day=1),
            enroll("e2", day=2, kind="addon_rollout"),
            event("surrender", "e3", day=3),
        ],
    ),
    "changes that had an ID, for another one": (
        "enrollment_id_changed_mid_change",
        1,
        [enroll("e1", day=1), enroll(FILLER, day=2, change="b"), enroll(None, day=3, change="c")],
    ),
    "changes that had an ID, for its loss": (
        "enrollment_id_lost_mid_change",
        1,
        [enroll("e1", day=1), enroll(FILLER, day=2, change="b"), enroll(None, day=3, change="c")],
    ),
    "IDs of a person who asked for deletion, with Glean's request at hand": (
        "enrollment_id_in_deletion_request",
        1,
        [enroll("e1", day=1), opt_out(day=2), annotate(None, day=3, document_type=GLEAN)],
    ),
    "no IDs of a person who asked for deletion, without Glean's request": (
        "enrollment_id_in_deletion_request",
        0,
        [enroll("e1", day=1), opt_out(day=2), annotate(None, day=3)],
    ),
    "no IDs of a person who turned upload off while closed": (
        "enrollment_id_in_deletion_request",
        0,
        [
            enroll("e1", day=1),
            opt_out(day=2, how="while closed"),
            annotate(None, day=3),
            annotate(None, day=3, document_type=GLEAN, client="phone"),
        ],
    ),
    "IDs in a deletion request, whoever asked": (
        "enrollment_id_in_deletion_request",
        1,
        [enroll("e1", day=1), annotate("e2", day=2, document_type=GLEAN)],
    ),
    "records made before an opt-out, or perhaps": (
        "enrollment_id_kept_after_opt_out",
        3,
        [
            enroll("e1", day=1, change="before"),
            opt_out(day=2),
            enroll("e2", day=3, change="after"),
            keep_record("e1", day=4, change="before"),
            keep_record("e2", day=4, change="after"),
            keep_record("e3", day=4, change="unknown"),
            keep_record(FILLER, day=4, change="filled"),
            keep_record(None, day=4, change="never had one"),
            keep_record(FILLER, day=4, kind=NIMBUS),
        ],
    ),
    "records of Nimbus made before an opt-out, or perhaps": (
        "nimbus_id_kept_after_opt_out",
        3,
        [
            enroll("e1", day=1, change="before", kind=NIMBUS),
            opt_out(day=2),
            enroll("e2", day=3, change="after", kind=NIMBUS),
            keep_record("e1", day=4, change="before", kind=NIMBUS),
            keep_record("e2", day=4, change="after", kind=NIMBUS),
            keep_record("e3", day=4, change="unknown", kind=NIMBUS),
            keep_record(FILLER, day=4, change="filled", kind=NIMBUS),
            keep_record(FILLER, day=4),
        ],
    ),
    "records of a snapshot in which the opt-out had settled": (
        "enrollment_id_kept_after_opt_out",
        2,
        [
            enroll("e1", day=1),
            opt_out(day=2),
            keep_record("e1", day=2 + 2 * SECOND),
            keep_record(FILLER, day=2 + 4 * SECOND),
            keep_record(FILLER, day=3),
        ],
    ),
    "records of Nimbus in which the opt-out had settled": (
        "nimbus_id_kept_after_opt_out",
        2,
        [
            enroll("e1", day=1, kind=NIMBUS),
            opt_out(day=2),
            keep_record("e1", day=2 + 2 * SECOND, kind=NIMBUS),
            keep_record(FILLER, day=2 + 4 * SECOND, kind=NIMBUS),
            keep_record(FILLER, day=3, kind=NIMBUS),
        ],
    ),
    "events that the document or the browser gives an ID": (
        "enrollment_id_missing",
        3,
        [
            enroll("e1", day=1),
            enroll("e2", day=2, kind="addon_rollout"),
            fail_to_enroll(day=3, reason="invalid-branch"),
            refuse_to_end(None, day=3, reason="does-not-exist"),
            event("surrender", "e3", day=4),
            enroll(None, day=5, version="140.0"),
        ],
    ),
    "events that the document or the browser gives no ID": (
        "enrollment_id_unexpected",
        2,
        [
            enroll("e1", day=1),
            fail_to_enroll(day=3, reason="invalid-branch"),
            event("expose", None, day=4, kind=NIMBUS),
            event("surrender", "e3", day=4),
            fail_to_enroll(day=5, reason="invalid-branch", version="140.0"),
        ],
    ),
    "IDs from before an opt-out of a person with pings since": (
        "enrollment_id_sent_after_opt_out",
        1,
        [
            enroll("e1", day=1),
            opt_out(day=2),
            opt_in(day=3),
            enroll("e2", day=4, change="other"),
        ],
    ),
    "no IDs of a person without pings since": (
        "enrollment_id_sent_after_opt_out",
        0,
        [enroll("e1", day=1), opt_out(day=2), annotate(FILLER, day=3)],
    ),
    "IDs from before an opt-out of a person with pings made while off": (
        "enrollment_id_recorded_after_opt_out",
        1,
        [enroll("e1", day=1), opt_out(day=2), annotate(FILLER, day=3), enroll("e2", day=4)],
    ),
    "no IDs of a person without pings made while off": (
        "enrollment_id_recorded_after_opt_out",
        0,
        [enroll("e1", day=1), opt_out(day=2), opt_in(day=3), annotate(None, day=4)],
    ),
    "no IDs of a person whose ping was made while the opt-out settled": (
        "enrollment_id_recorded_after_opt_out",
        0,
        [enroll("e1", day=1), opt_out(day=2), annotate(FILLER, day=2 + 2 * SECOND)],
    ),
    "records that had held the filler": (
        "enrollment_id_restored_after_opt_out",
        1,
        [
            opt_out(day=1),
            keep_record(FILLER, day=2),
            keep_record("e2", day=2, change="other"),
            keep_record(FILLER, day=3),
            keep_record("e2", day=3, change="other"),
        ],
    ),
    "IDs of changes that ended": (
        "enrollment_id_reused_after_end",
        1,
        [enroll("e1", day=1), unenroll("e1", day=2), enroll("e2", day=3, change="other")],
    ),
    "IDs under a client id, in stores of more than one": (
        "enrollment_id_shared_between_clients",
        1,
        [enroll("e1", day=1), keep_record("e2", day=2), annotate(None, day=3, client="phone")],
    ),
    "no IDs in stores of one client id": (
        "enrollment_id_shared_between_clients",
        0,
        [enroll("e1", day=1), annotate(None, day=3)],
    ),
    "changes that began while upload was off, in versions with IDs": (
        "enrollment_while_off_without_id",
        1,
        [
            enroll("e0", day=0.5, change="before"),
            opt_out(day=1),
            enroll("e1", day=2),
            update("e2", day=3),
            enroll(None, day=4, change="later", version="140.0"),
        ],
    ),
    "changes of the versions with IDs, to the first and the last": (
        "enrollment_while_off_without_id",
        2,
        [
            opt_out(day=1),
            *(
                enroll(FILLER, day=2, change=version, version=version)
                for version in ("69.0", "70.0", "115.0", "116.0")
            ),
        ],
    ),
    "changes of versions with IDs and without": (
        "enrollment_while_off_without_id",
        1,
        [opt_out(day=1), enroll(FILLER, day=2), unenroll(None, day=3, version="140.0")],
    ),
    "no IDs that a copied profile was seen with as soon": (
        "id_made_while_off_sent_later",
        0,
        [opt_out(day=1), enroll("e1", day=2), annotate("e1", day=2, client="phone")],
    ),
    "no IDs that a copied profile was seen with as soon, whichever ping is told first": (
        "id_made_while_off_sent_later",
        0,
        [opt_out(day=1), annotate("e1", day=2, client="phone"), enroll("e1", day=2)],
    ),
    "no IDs that a profile held before upload was off": (
        "id_made_while_off_sent_later",
        0,
        [
            keep_record("e1", day=1),
            opt_out(day=2),
            enroll("e1", day=3),
            opt_in(day=4),
            annotate(None, day=5),
        ],
    ),
    "no IDs that a profile held before, of an enrollment as upload is turned off": (
        "id_made_while_off_sent_later",
        0,
        [
            keep_record("e1", day=1),
            opt_out(day=2),
            enroll("e1", day=2),
            opt_in(day=4),
            annotate(None, day=5),
        ],
    ),
    "no change that was only updated while upload was off": (
        "enrollment_while_off_without_id",
        0,
        [enroll("e1", day=1), opt_out(day=2), update(FILLER, day=3, kind="preference_study")],
    ),
    "IDs made while upload was off, of a person who turned it on again": (
        "id_made_while_off_sent_later",
        1,
        [
            enroll("e0", day=0.5, change="before"),
            opt_out(day=1),
            enroll("e1", day=2),
            annotate("e2", day=2, change="not enrolled"),
            opt_in(day=3),
            enroll("e3", day=4, change="after"),
        ],
    ),
    "no IDs made while upload was off and never on again": (
        "id_made_while_off_sent_later",
        0,
        [enroll("e0", day=0.5, change="before"), opt_out(day=1), enroll("e1", day=2)],
    ),
    "no IDs that were seen before upload was off": (
        "id_made_while_off_sent_later",
        0,
        [
            annotate("e1", day=1),
            opt_out(day=2),
            enroll("e1", day=3),
            opt_in(day=4),
            annotate(None, day=5),
        ],
    ),
    "IDs made while upload was off, before the next opt-out": (
        "id_made_while_off_sent_later",
        1,
        [
            opt_out(day=1),
            enroll("e1", day=2),
            opt_in(day=3),
            annotate(None, day=4),
            opt_out(day=5),
            annotate(None, day=6),
        ],
    ),
    "events with extras": (
        "event_extra_too_long",
        1,
        [enroll("e1", day=1), enroll(None, day=2)],
    ),
    "names of preferences": (
        "preference_name_is_not_a_name",
        2,
        [
            change_preference("e1", day=1),
            fail_to_enroll(
                day=2, reason="conflict", kind=ROLLOUT, extras={"preference": "a", "detail": "b"}
            ),
        ],
    ),
    "preference branches by either name": (
        "preference_branch_too_long",
        2,
        [
            fail_to_enroll(
                day=1,
                reason="invalid-branch",
                extras={"prefBranch": "a", "preferenceBranch": "b", "branch": "c"},
            ),
        ],
    ),
    "changed preferences": (
        "preference_change_reports_more_than_the_name",
        1,
        [change_preference("e1", day=1), unenroll("e1", day=2)],
    ),
    "texts, where a value is known that would prove something": (
        "preference_value_reported",
        2,
        [
            recipe(preference="a.b", value="a-long-value"),
            enroll(None, day=1, extras={"branch": "b"}),
        ],
    ),
    "no texts, where no value would prove anything": (
        "preference_value_reported",
        0,
        [recipe(preference="a.b", value="true"), enroll(None, day=1, extras={"branch": "b"})],
    ),
    "texts that are as long as one that was cut": (
        "truncated_inside_a_character",
        2,
        [enroll(None, day=1, change="x" * 77, extras={"a": "y" * 76, "b": "z" * 78})],
    ),
    "unenrollments, and those that failed": (
        "unenroll_failed",
        2,
        [
            unenroll("e1", day=1),
            refuse_to_end("e1", day=2, reason="already-unenrolled"),
            enroll("e1", day=3),
        ],
    ),
    "unenrollments": (
        "unenroll_reason_unknown",
        1,
        [
            unenroll("e1", day=1),
            refuse_to_end("e1", day=2, reason="unknown"),
            graduate("e1", day=3),
        ],
    ),
    "reports of uptake about what is documented": (
        "uptake_status_undocumented",
        3,
        [
            report_uptake("success", source=source, day=1)
            for source in ("normandy/runner", "normandy/action/A", "normandy/recipe/1", "main")
        ],
    ),
    "the scalar of recipe freshness": (
        "freshness_keys_over_limit",
        1,
        [report_freshness(day=1, **{"7": 1_795_502_378})],
    ),
    "records of changes that have been reported and have not ended": (
        "stored_id_differs_from_reported",
        1,
        [
            enroll("e1", day=1),
            enroll("e2", day=1, change="ended"),
            unenroll("e2", day=2, change="ended"),
            enroll(FILLER, day=2, change="without an ID"),
            enroll("e4", day=2, change="filled"),
            keep_record("e1", day=3),
            keep_record("e2", day=3, change="ended"),
            keep_record("e3", day=3, change="without an ID"),
            keep_record(FILLER, day=3, change="filled"),
            keep_record("e5", day=3, change="never reported"),
        ],
    ),
}


@pytest.mark.parametrize("sentence", CASES)
def test_a_rule_examines_what_the_sentence_says(sentence: str, judge: Judge) -> None:
    """No more subjects, and no fewer."""
    rule, expected, history = CASES[sentence]
    assert expected == judge(rule, history).subjects
