"""Edge cases of the promises about upload turned off, by name."""

import pytest

from auditor.history import (
    FILLER,
    Moment,
    annotate,
    enroll,
    keep_record,
    opt_in,
    opt_out,
    unenroll,
    update,
)
from auditor.rule import Severity
from tests.oracles.engine import severities
from tests.oracles.lives import SECOND

Case = tuple[str, set[Severity], list[Moment]]

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
KEPT = "enrollment_id_kept_after_opt_out"
NIMBUS = "nimbus_experiment"
SENT = "enrollment_id_sent_after_opt_out"
RECORDED = "enrollment_id_recorded_after_opt_out"
WHILE_CLOSED = opt_out(day=3, how="while closed")

CASES: dict[str, Case] = {
    "a policy turns upload off while closed, and the stores keep their IDs": (
        KEPT,
        {HIGH},
        [enroll("e1", day=1), WHILE_CLOSED, keep_record("e1", day=4)],
    ),
    "a ping with the canary tells of the same": (
        KEPT,
        {HIGH},
        [enroll("e1", day=1), WHILE_CLOSED, keep_record("e1", day=4), annotate(FILLER, day=5)],
    ),
    "a profile with upload on is no sign of an opt-out to come": (
        KEPT,
        set(),
        [
            enroll("e1", day=1),
            annotate("e1", day=1.5),
            keep_record("e1", day=2),
            WHILE_CLOSED,
            annotate(FILLER, day=4),
            keep_record(FILLER, day=5),
        ],
    ),
    "a profile with upload off is of the opt-out before it, not of one after later pings": (
        KEPT,
        set(),
        [opt_out(day=1), keep_record("e1", day=2), opt_in(day=3), update("e1", day=4)],
    ),
    "a snapshot from before an opt-out proves that a record is from before it": (
        KEPT,
        {HIGH},
        [keep_record("e1", day=1), opt_out(day=2), keep_record("e1", day=3)],
    ),
    "a record that is gone from the profile as it was last seen was not kept": (
        KEPT,
        set(),
        [
            enroll("e1", day=1),
            opt_out(day=2),
            keep_record("e1", day=2 + 2 * SECOND),
            keep_record(FILLER, day=3, change="other"),
        ],
    ),
    "a record is filled two seconds after the opt-out": (
        KEPT,
        set(),
        [
            enroll("e1", day=1),
            opt_out(day=2),
            keep_record("e1", day=2 + 2 * SECOND),
            keep_record(FILLER, day=3),
        ],
    ),
    "a record is filled four seconds after the opt-out": (
        KEPT,
        {HIGH},
        [
            enroll("e1", day=1),
            opt_out(day=2),
            keep_record("e1", day=2 + 4 * SECOND),
            keep_record(FILLER, day=3),
        ],
    ),
    "a record that has expired is not filled, the active one is": (
        KEPT,
        {HIGH},
        [
            unenroll("e1", day=1),
            enroll("e2", day=2, change="active"),
            opt_out(day=3),
            keep_record("e1", day=4, state="expired"),
            keep_record(FILLER, day=4, change="active"),
        ],
    ),
    "an ID made while upload is off is stored": (
        KEPT,
        set(),
        [opt_out(day=1), enroll("e1", day=2), keep_record("e1", day=3)],
    ),
    "a Nimbus record is not counted among Normandy's": (
        KEPT,
        set(),
        [enroll("e1", day=1, kind=NIMBUS), opt_out(day=2), keep_record("e1", day=3, kind=NIMBUS)],
    ),
    "a Nimbus record keeps its ID": (
        "nimbus_id_kept_after_opt_out",
        {MEDIUM},
        [enroll("e1", day=1, kind=NIMBUS), opt_out(day=2), keep_record("e1", day=3, kind=NIMBUS)],
    ),
    "an update writes back the ID that it had read before the opt-out": (
        "enrollment_id_restored_after_opt_out",
        {HIGH},
        [opt_out(day=1), keep_record(FILLER, day=2), keep_record("e1", day=3)],
    ),
    "an annotation that was not filled ties the new client id to the old ID": (
        SENT,
        {HIGH},
        [annotate("e1", day=1), opt_out(day=2), opt_in(day=3), annotate("e1", day=4)],
    ),
    "an annotation that was not filled is one ID under two clients": (
        "enrollment_id_shared_between_clients",
        {HIGH},
        [annotate("e1", day=1), opt_out(day=2), opt_in(day=3), annotate("e1", day=4)],
    ),
    "an ID of the last ping before an opt-out made while closed is sent with a new client id": (
        SENT,
        {HIGH},
        [enroll("e1", day=1), WHILE_CLOSED, opt_in(day=4), annotate("e1", day=5)],
    ),
    "an ID of the last ping before an opt-out made while closed is recorded with the canary": (
        RECORDED,
        {MEDIUM},
        [enroll("e1", day=1), WHILE_CLOSED, annotate("e1", day=4)],
    ),
    "a ping that arrived before an opt-out made while closed was not sent after it": (
        SENT,
        set(),
        [
            enroll("e1", day=1, received=1.2),
            annotate("e2", day=1.1, change="other"),
            WHILE_CLOSED,
            annotate(FILLER, day=4),
        ],
    ),
    "a ping with the canary that arrived was sent all the same": (
        SENT,
        {HIGH},
        [enroll("e1", day=1), opt_out(day=2), annotate("e1", day=3, received=3.1)],
    ),
    "a ping arrives 59 seconds after the deletion request": (
        SENT,
        set(),
        [enroll("e1", day=1, received=2 + 59 * SECOND), opt_out(day=2)],
    ),
    "a ping arrives 61 seconds after the deletion request": (
        SENT,
        {HIGH},
        [enroll("e1", day=1, received=2 + 61 * SECOND), opt_out(day=2)],
    ),
    "an annotation has two seconds to be filled": (
        RECORDED,
        set(),
        [annotate("e1", day=1), opt_out(day=2), annotate("e1", day=2 + 2 * SECOND)],
    ),
    "an annotation is not filled after four seconds": (
        RECORDED,
        {MEDIUM},
        [annotate("e1", day=1), opt_out(day=2), annotate("e1", day=2 + 4 * SECOND)],
    ),
    "a snapshot from before an opt-out proves that an ID is from before it": (
        RECORDED,
        {MEDIUM},
        [keep_record("e1", day=1), opt_out(day=2), annotate("e1", day=3)],
    ),
    "an ID made while upload was off is sent once it is on again": (
        "id_made_while_off_sent_later",
        {MEDIUM},
        [opt_out(day=1), enroll("e1", day=2), opt_in(day=3), annotate("e1", day=4)],
    ),
    "an ID made while upload was off is sent by a copy of the profile": (
        "id_made_while_off_sent_later",
        {MEDIUM},
        [opt_out(day=1), enroll("e1", day=2), annotate("e1", day=3, client="phone")],
    ),
    "a study begins with the filler while upload is off": (
        "enrollment_while_off_without_id",
        {LOW},
        [opt_out(day=1), enroll(FILLER, day=2)],
    ),
    "a study that began with an ID while upload was off ends with the filler": (
        "enrollment_while_off_without_id",
        set(),
        [opt_out(day=1), enroll("e1", day=2), unenroll(FILLER, day=3)],
    ),
    "a study ends with the filler while upload is off": (
        "enrollment_while_off_without_id",
        set(),
        [enroll("e1", day=1), opt_out(day=2), unenroll(FILLER, day=3)],
    ),
}


@pytest.mark.parametrize("sentence", CASES)
def test_a_promise_is_judged_as_the_sentence_says(sentence: str) -> None:
    """The history of the sentence breaks the promise as gravely as it should, or not at all."""
    rule, expected, history = CASES[sentence]
    assert expected == severities(rule, history)
