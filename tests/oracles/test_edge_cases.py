"""Edge cases of the promises about enrollment IDs, by name: what Firefox does, and near it."""

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
    opt_out,
    raw,
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
    "a rollout taken up again after graduating uses its old ID": (
        "enrollment_id_reused_after_end",
        {HIGH},
        [
            enroll("e1", day=1, kind=ROLLOUT),
            graduate("e1", day=2),
            update("e1", day=3, extras={"previousState": "graduated"}),
        ],
    ),
    "a rollout taken up again after a rollback uses its old ID": (
        "enrollment_id_reused_after_end",
        {HIGH},
        [
            enroll("e1", day=1, kind=ROLLOUT),
            unenroll("e1", day=2, reason="rollback", kind=ROLLOUT, object=ROLLBACK),
            update("e1", day=3, extras={"previousState": "rolled-back"}),
        ],
    ),
    "a refusal to end what has ended names its ID as documented": (
        "enrollment_id_reused_after_end",
        set(),
        [unenroll("e1", day=1), refuse_to_end("e1", day=2, reason="already-unenrolled")],
    ),
    "a refusal to roll back a graduated rollout names its ID": (
        "enrollment_id_reused_after_end",
        {LOW},
        [graduate("e1", day=1), refuse_to_end("e1", day=2, reason="graduated", object=ROLLBACK)],
    ),
    "a refusal that gives no reason is a use like any other": (
        "enrollment_id_reused_after_end",
        {HIGH},
        [unenroll("e1", day=1), event("unenrollFailed", "e1", day=2)],
    ),
    "a rollout that reports a conflict names the other rollout's ID": (
        "enrollment_id_shared_between_changes",
        {LOW},
        [
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
    ),
    "a study and a rollout of the same name share an ID": (
        "enrollment_id_shared_between_changes",
        {HIGH},
        [enroll("e1", day=1), enroll("e1", day=2, kind=ROLLOUT)],
    ),
    "an unenrollment carries another ID than the enrollment": (
        "enrollment_id_changed_mid_change",
        {MEDIUM},
        [enroll("e1", day=1), unenroll("e2", day=2)],
    ),
    "a new ID takes the place of the filler": (
        "enrollment_id_changed_mid_change",
        {MEDIUM},
        [
            enroll("e1", day=1),
            update(FILLER, day=2, kind="preference_study"),
            update("e2", day=3, kind="preference_study"),
        ],
    ),
    "a rollout graduates without the ID that its update had": (
        "enrollment_id_lost_mid_change",
        {LOW},
        [enroll("e1", day=1, kind=ROLLOUT), update("e1", day=2), graduate(FILLER, day=3)],
    ),
    "the filler after a change has ended is no loss while it lasts": (
        "enrollment_id_lost_mid_change",
        set(),
        [
            enroll("e1", day=1, kind=ROLLOUT),
            graduate("e1", day=2),
            update(FILLER, day=3, extras={"previousState": "graduated"}),
        ],
    ),
    "the filler in the last ping before an opt-out that was made while closed is a loss": (
        "enrollment_id_lost_mid_change",
        {LOW},
        [
            enroll("e1", day=1, kind=ROLLOUT),
            update(FILLER, day=2),
            opt_out(day=3, how="while closed"),
            update(FILLER, day=4),
        ],
    ),
    "an ID that only an annotation has told is lost to an event": (
        "enrollment_id_lost_mid_change",
        {LOW},
        [annotate("e1", day=1, kind=ROLLOUT), update(FILLER, day=2)],
    ),
}

NO_IDS = {
    "an empty text": "",
    "the word null": "null",
    "the word undefined": "undefined",
    "the word unknown": "unknown",
    "a UUID in braces": "{7d9c1a55-6d3e-4f4d-9d6c-0c9d6ad1d5b3}",
    "a UUID in capitals": "7D9C1A55-6D3E-4F4D-9D6C-0C9D6AD1D5B3",
    "a UUID without its last digit": "7d9c1a55-6d3e-4f4d-9d6c-0c9d6ad1d5b",
    "a UUID with a line break": "7d9c1a55-6d3e-4f4d-9d6c-0c9d6ad1d5b3\n",
    "a filler with underscores missing": "__NO_ENROLLMENT_ID",
    "the filler for a branch": "__NO_BRANCHES__",
    "the filler in small letters": FILLER.lower(),
}


@pytest.mark.parametrize("sentence", CASES)
def test_a_promise_is_judged_as_the_sentence_says(sentence: str) -> None:
    """The history of the sentence breaks the promise as gravely as it should, or not at all."""
    rule, expected, history = CASES[sentence]
    assert expected == severities(rule, history)


@pytest.mark.parametrize("text", NO_IDS.values(), ids=NO_IDS)
def test_a_text_that_is_neither_a_uuid_nor_the_filler_is_malformed(text: str) -> None:
    """Wherever it stands: in an event, an annotation or a record."""
    told = [enroll, annotate, keep_record]
    found = [severities("enrollment_id_malformed", [tell(raw(text), day=1)]) for tell in told]
    assert [{MEDIUM}] * 3 == found


@pytest.mark.parametrize(
    "text",
    [FILLER, "00000000-0000-0000-0000-000000000000", "7d9c1a55-6d3e-1f4d-9d6c-0c9d6ad1d5b3"],
    ids=["the filler", "a UUID of zeros", "a UUID of another version"],
)
def test_a_uuid_of_any_version_and_the_filler_are_well_formed(text: str) -> None:
    """What they were made of is another question."""
    assert set() == severities("enrollment_id_malformed", [enroll(raw(text), day=1)])


@pytest.mark.parametrize("name", ["client 1", "session", "user", "ping 0"])
def test_an_id_that_equals_another_identifier_of_the_person_is_derived(name: str) -> None:
    """A client id, a session id, the id of Normandy's samples, or the ping's own document id."""
    history = [enroll(name, day=1), keep_record("e1", day=2, change="other")]
    assert {HIGH} == severities("enrollment_id_derived", history)
