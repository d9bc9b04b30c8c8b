"""Named histories of rules: ways to break each, and near misses, which keep the promise.

All are declared: nothing here is derived from what an engine finds. They stand beside the `breaks`
and `keeps` of the rules themselves.
"""

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
    raw,
    recipe,
    refuse_to_end,
    report_freshness,
    report_uptake,
    unenroll,
    update,
)

Histories = dict[str, dict[str, list[Moment]]]
"""By the name of the rule, then by what is told."""

HOME = "https://home.example/?who=jo"
EMOJI = "\N{FOX FACE}"


def study(**extras: str) -> Moment:
    """An enrollment with the extras that the document lists, and more."""
    return enroll("e1", day=1, extras={"branch": "a", "experimentType": "exp"} | extras)


def failure(reason: str, kind: str = "addon_study", method: str = "enrollFailed") -> Moment:
    """A failure of an add-on."""
    return event(method, None, day=1, kind=kind, extras={"reason": reason})


def asked(value: str, preference: str = "browser.home") -> Moment:
    """A recipe that sets one preference."""
    return recipe(preference=preference, value=value)


HOLDS: Histories = {
    "change_ended_twice": {
        "two changes that end once each": [
            *(enroll("e1", day=1), unenroll("e1", day=2)),
            *(enroll("e2", day=3, change="other"), unenroll("e2", day=4, change="other")),
        ],
    },
    "change_enrolled_twice": {
        "the same slug in a study and in a rollout": [
            enroll("e1", day=1),
            enroll("e2", day=2, kind="preference_rollout"),
        ],
    },
    "enrollment_id_changed_mid_change": {
        "the filler is no second ID": [
            *(enroll("e1", day=1), opt_out(day=2), unenroll(FILLER, day=3)),
        ],
    },
    "enrollment_id_kept_after_opt_out": {
        "an ID made while upload was off": [
            *(enroll("e0", day=1, change="earlier"), opt_out(day=2), enroll("e1", day=3)),
            *(keep_record("e1", day=4), keep_record(FILLER, day=4, change="earlier")),
        ],
    },
    "enrollment_id_sent_after_opt_out": {
        "a ping that arrives before the opt-out": [
            *(enroll("e1", day=1, received=1.001), opt_out(day=2), opt_in(day=3)),
            unenroll(FILLER, day=4),
        ],
    },
    "stored_id_differs_from_reported": {
        "the ID in both, of a rollout": [
            enroll("e1", day=1, kind="preference_rollout"),
            keep_record("e1", day=2, kind="preference_rollout"),
        ],
    },
    "enrollment_id_missing": {
        "the filler is an answer": [enroll(FILLER, day=1)],
        "a malformed ID is not a missing one": [enroll(raw("null"), day=1)],
        "an update of an add-on study carries one": [update("e1", day=1, kind="addon_study")],
    },
    "enrollment_id_unexpected": {
        "a failure without an ID": [fail_to_enroll(day=1, reason="would-be-no-op")],
        "a failed enrollment of a rollout without an ID": [
            fail_to_enroll(day=1, reason="conflict", kind="preference_rollout")
        ],
    },
    "preference_value_reported": {
        "a boolean value proves nothing": [
            asked("a-long-value-1"),
            asked("true", "browser.flag"),
            unenroll("e1", day=1, extras={"didResetValue": "true", "note": "true"}),
        ],
        "a one-digit number proves nothing": [
            asked("a-long-value-1"),
            asked("3", "browser.level"),
            study(detail="3"),
        ],
        "a branch that is called like the value": [
            asked("a-long-value-1"),
            recipe(preference="browser.home", value="treatment", branch="treatment"),
            study(branch="treatment"),
        ],
        "a short value inside a longer word": [asked("cat1"), study(detail="concat1nation")],
        "another value of the same length": [asked("strict-7731"), study(detail="strict-7732")],
        "the beginning of a value in a text that was not cut": [
            asked("strict-7731-and-more"),
            study(detail="strict-7731"),
        ],
    },
    "preference_change_reports_more_than_the_name": {
        "less than the three is not more": [
            event("expPrefChanged", None, day=1, extras={"preferenceName": "a.b"})
        ],
    },
    "preference_branch_too_long": {
        "80 characters of several bytes each": [
            fail_to_enroll(day=1, reason="invalid-branch", extras={"prefBranch": "é" * 80})
        ],
        "80 characters outside the basic plane": [
            fail_to_enroll(day=1, reason="invalid-branch", extras={"preferenceBranch": EMOJI * 80})
        ],
        "another extra may be longer": [
            fail_to_enroll(
                day=1, reason="invalid-branch", extras={"prefBranch": "a", "detail": "x" * 99}
            )
        ],
    },
    "preference_name_is_not_a_name": {
        "a name with a UUID in braces": [
            change_preference(
                "e1", day=1, name="extensions.{ec8030f7-c20a-464f-9b0e-13a3a9e97384}.on"
            )
        ],
        "a name with dashes and digits": [change_preference("e1", day=1, name="a-b.c_d.1")],
    },
    "event_value_too_long": {
        "exactly 80 bytes of several-byte characters": [enroll("e1", day=1, change="é" * 40)],
        "an empty value": [enroll("e1", day=1, change="")],
    },
    "event_extra_too_long": {"exactly 80 bytes": [study(detail=EMOJI * 20)]},
    "event_extras_too_many": {
        "ten extras": [enroll("e1", day=1, extras={f"k{n}": "" for n in range(9)})]
    },
    "event_name_too_long": {
        "names at their limits": [event("m" * 20, "e1", day=1, object="o" * 20)],
        "a key of 15 characters": [study(**{"k" * 15: ""})],
    },
    "truncated_inside_a_character": {
        "a short text that ends in a replacement character": [
            study(detail="x\ufffd", note="y" * 80)
        ],
        "a whole character at the limit": [study(detail="x" * 78 + "é"), study(note=EMOJI * 20)],
    },
    "failure_reason_names_a_person": {
        "a file of the application": [failure("resource://normandy/a.sys.mjs:1:2 TypeError")],
        "a file of the application's window": [failure("chrome://browser/content/a.js:1 Error")],
        "a code": [failure("metadata-mismatch")],
        "a position cut at the limit": [failure("resource://normandy/" + "a" * 60)],
    },
    "failure_reason_in_unknown_form": {
        "without a column, as documented": [failure("resource://normandy/a.sys.mjs:1 TypeError")],
        "an error that does not know its place": [
            failure("undefined:undefined:undefined TypeError")
        ],
        "a known code of an update": [failure("no-downgrade", method="updateFailed")],
    },
    "event_undocumented": {"a graduation": [graduate("e1", day=1)]},
    "extra_undocumented": {
        "an event without extras": [enroll(None, day=1)],
        "an extra that is documented and that this browser never sends": [
            fail_to_enroll(day=1, reason="invalid-branch", extras={"preferenceBranch": "a"})
        ],
    },
    "extra_missing": {"all that the document lists": [study()]},
    "code_undocumented": {
        "a code that is documented and that this browser never sends": [
            change_preference("e1", day=1, extras={"reason": "atEnroll"})
        ],
        "an experiment type for many people": [study(experimentType="exp-highpop")],
        "a state that the document gives as an example": [
            update("e1", day=1, extras={"previousState": "graduated"})
        ],
    },
    "unenroll_reason_unknown": {"another word that begins like it": [unenroll("e1", day=1)]},
    "unenroll_failed": {
        "a rollback that was refused": [
            unenroll("e1", day=1),
            refuse_to_end("e1", day=2, reason="graduated", object="preference_rollback"),
        ]
    },
    "addon_study_failed": {"a foreseen failure": [failure("download-failure")]},
    "caller_outside_nightly": {
        "on Nightly": [
            refuse_to_end(
                "e1",
                day=1,
                reason="already-unenrolled",
                channel="nightly",
                extras={"caller": "somewhere"},
            )
        ]
    },
    "uptake_source_undocumented": {
        "the runner": [report_uptake("success", source="normandy/runner", day=1)],
        "an action": [report_uptake("success", source="normandy/action/AddonRolloutAction", day=1)],
    },
    "uptake_status_undocumented": {
        "a recipe whose action is disabled": [
            report_uptake("custom_1_error", source="normandy/recipe/7", day=1)
        ]
    },
    "freshness_keys_over_limit": {
        "a key of 72 characters": [report_freshness(day=1, **{"1" * 72: 1})]
    },
    "freshness_not_a_time": {"a time": [report_freshness(day=1, **{"7": 1_795_502_378})]},
}

BREAKS: Histories = {
    "change_ended_twice": {
        "a rollout graduates twice": [
            enroll("e1", day=1, kind="preference_rollout"),
            *(graduate("e1", day=2), graduate("e1", day=3)),
        ],
    },
    "change_enrolled_twice": {
        "a rollout is joined again": [
            enroll("e1", day=1, kind="preference_rollout"),
            enroll("e2", day=2, kind="preference_rollout"),
        ],
    },
    "enrollment_id_changed_mid_change": {
        "an update of a rollout has an ID of its own": [
            *(enroll("e1", day=1, kind="preference_rollout"), update("e2", day=2)),
        ],
    },
    "enrollment_id_kept_after_opt_out": {
        "in the record of a rollout": [
            *(enroll("e1", day=1, kind="preference_rollout"), opt_out(day=2)),
            keep_record("e1", day=3, kind="preference_rollout"),
        ],
        "in a profile whose new client id is all that shows the opt-out": [
            *(keep_record("e1", day=1), opt_out(day=2, how="while closed"), opt_in(day=3)),
            keep_record("e1", day=4),
        ],
    },
    "enrollment_id_lost_mid_change": {
        "the filler long after an opt-out that a profile showed": [
            *(opt_out(day=1, how="while closed"), keep_record("e1", day=2)),
            *(update("e1", day=3, kind="preference_study"), unenroll(FILLER, day=4)),
        ],
    },
    "enrollment_id_reused_after_end": {
        "the same ID joins again": [
            *(enroll("e1", day=1), unenroll("e1", day=2), enroll("e1", day=3)),
        ],
    },
    "enrollment_id_sent_after_opt_out": {
        "a ping that arrives after the second of two opt-outs": [
            *(keep_record("e1", day=1), opt_out(day=2, how="while closed"), enroll("e1", day=3)),
            *(opt_in(day=4), opt_out(day=5), unenroll("e1", day=6, received=6.01)),
        ],
        "an event with the ID, under the new client id": [
            *(enroll("e1", day=1), opt_out(day=2), opt_in(day=3), unenroll("e1", day=4)),
        ],
    },
    "enrollment_id_recorded_after_opt_out": {
        "an event with the ID, while upload is off": [
            *(enroll("e1", day=1), opt_out(day=2), unenroll("e1", day=3)),
        ],
        "an ID from before an opt-out that only the next request for deletion shows": [
            *(keep_record("e1", day=1), opt_out(day=2, how="while closed"), opt_in(day=3)),
            *(opt_out(day=4), unenroll("e1", day=5)),
        ],
        "a second request for deletion that lists the ID": [
            *(enroll("e1", day=1), opt_out(day=2)),
            annotate("e1", day=3, document_type="deletion-request"),
        ],
    },
    "enrollment_id_shared_between_changes": {
        "a study and a rollout of the same slug": [
            enroll("e1", day=1),
            enroll("e1", day=2, kind="preference_rollout"),
        ],
    },
    "stored_id_differs_from_reported": {
        "in the record of a rollout": [
            enroll("e1", day=1, kind="preference_rollout"),
            keep_record("e2", day=2, kind="preference_rollout"),
        ],
    },
    "enrollment_id_missing": {
        "a rollback": [unenroll(None, day=1, object="preference_rollback")],
        "an undocumented object that is known to carry one": [
            enroll(None, day=1, kind="addon_rollout", extras={"addonId": "a", "addonVersion": "1"})
        ],
    },
    "enrollment_id_unexpected": {
        "a study that does not exist": [
            refuse_to_end("e1", day=1, reason="conflict", object="nimbus_experiment")
        ]
    },
    "preference_value_reported": {
        "whole": [asked("cat1"), study(detail="cat1")],
        "inside a longer text": [asked(HOME), study(detail=f"set to {HOME} now")],
        "in another case": [asked("Strict-7731"), study(detail="STRICT-7731")],
        "a boolean as name=value": [
            asked("true", "browser.flag"),
            change_preference("e1", day=1, name="browser.flag=true"),
        ],
        "in an event's value": [asked(HOME), enroll("e1", day=1, change=f"study {HOME}")],
        "in an extra that nobody knows": [asked(HOME), study(oldValue=HOME)],
        "percent-encoded": [
            asked(HOME),
            study(detail="https%3A%2F%2Fhome.example%2F%3Fwho%3Djo"),
        ],
        "in base64": [asked("strict-7731"), study(detail="c3RyaWN0LTc3MzE=")],
        "in base64 with something before it": [
            asked("strict-7731-and-more"),
            study(detail="eHN0cmljdC03NzMxLWFuZC1tb3Jl"),
        ],
        "in hexadecimal": [asked("strict-7731"), study(detail="7374726963742d37373331")],
        "cut by the limit": [asked("v-" + "x1" * 60), study(detail=("v-" + "x1" * 60)[:80])],
        "cut by the limit after other text": [
            asked("strict-7731-and-more"),
            study(detail="y" * 69 + "strict-7731"),
        ],
    },
    "preference_name_is_not_a_name": {
        "an assignment": [change_preference("e1", day=1, name="a.b=c")],
        "a URL": [change_preference("e1", day=1, name="https://home.example")],
        "JSON": [change_preference("e1", day=1, name='{"a.b":1}')],
        "a path": [change_preference("e1", day=1, name="/home/jo")],
        "a path with a drive": [change_preference("e1", day=1, name="C:\\Users\\jo")],
        "in a rollout's failure": [
            fail_to_enroll(
                day=1,
                reason="conflict",
                kind="preference_rollout",
                extras={"preference": "a.b c.d"},
            )
        ],
    },
    "event_name_too_long": {
        "a key of 16 characters": [study(**{"k" * 16: ""})],
        "a method of 21 characters": [event("m" * 21, "e1", day=1)],
        "an object of 21 characters": [event("enroll", "e1", day=1, object="o" * 21)],
    },
    "truncated_inside_a_character": {
        "in an event's value": [enroll("e1", day=1, change="x" * 77 + "\ufffd")]
    },
    "failure_reason_names_a_person": {
        "a profile on Windows": [failure("file:///C:/Users/jo/a.js:1:2 Error")],
        "a profile on a Mac": [failure("/Users/jo/Library/a.js:1 Error")],
        "an e-mail address": [failure("jo@home.example")],
        "a network address": [failure("connect 192.168.1.7 refused")],
        "a page": [failure("https://home.example/a.js:1:2 Error")],
        "a message after the error": [failure("resource://a/b.mjs:1:2 Error: no such user jo")],
        "in an add-on rollout": [failure("/home/jo/a.js:1 Error", kind="addon_rollout")],
        "in an update": [failure("/home/jo/a.js:1 Error", method="updateFailed")],
    },
    "failure_reason_in_unknown_form": {
        "a line without a file": [failure(":1:2 TypeError")],
        "an empty text": [failure("")],
    },
    "event_undocumented": {
        "an ending of a rollout under the wrong name": [
            unenroll("e1", day=1, object="preference_rollout")
        ],
    },
    "extra_undocumented": {
        "a value of an event that only the browser knows": [
            fail_to_enroll(day=1, reason="conflict", kind="addon_rollout", extras={"value": "1"})
        ],
        "a value beside a name": [change_preference("e1", day=1, extras={"value": "1"})],
    },
    "code_undocumented": {
        "a reason that nobody lists, of an event that only the browser knows": [
            fail_to_enroll(day=1, reason="because", kind="addon_rollout")
        ],
        "a reason that nobody lists": [unenroll("e1", day=1, reason="because")],
        "a reset that is neither true nor false": [
            unenroll("e1", day=1, extras={"didResetValue": "yes"})
        ],
    },
    "unenroll_failed": {
        "a study that does not exist": [refuse_to_end(None, day=1, reason="does-not-exist")]
    },
    "caller_outside_nightly": {
        "on Beta": [
            refuse_to_end(
                "e1",
                day=1,
                reason="already-unenrolled",
                channel="beta",
                extras={"caller": "somewhere"},
            )
        ]
    },
    "uptake_source_undocumented": {
        "a recipe without a number": [report_uptake("success", source="normandy/recipe/", day=1)],
        "another component": [report_uptake("success", source="settings/main", day=1)],
        "more than the runner": [report_uptake("success", source="normandy/runner/2", day=1)],
    },
    "freshness_keys_over_limit": {
        "a key of 73 characters": [report_freshness(day=1, **{"1" * 73: 1})]
    },
    "freshness_not_a_time": {"milliseconds": [report_freshness(day=1, **{"7": 1_795_502_378_000})]},
}

LESSER: dict[str, list[Moment]] = {
    "code_undocumented": [fail_to_enroll(day=1, reason="name-conflict")],
    "enrollment_id_missing": [refuse_to_end(None, day=1, reason="does-not-exist")],
    "enrollment_id_reused_after_end": [
        *(enroll("e1", day=1, kind="preference_rollout"), graduate("e1", day=2)),
        refuse_to_end(
            "e1",
            day=3,
            reason="graduated",
            kind="preference_rollout",
            object="preference_rollback",
        ),
    ],
    "enrollment_id_shared_between_changes": [
        enroll("e1", day=1, kind="addon_rollout", change="one"),
        fail_to_enroll(
            "e1",
            day=2,
            reason="conflict",
            kind="addon_rollout",
            change="other",
            extras={"conflictingSlug": "one"},
        ),
    ],
    "event_undocumented": [enroll("e1", day=1, kind="addon_rollout")],
    "extra_missing": [fail_to_enroll(day=1, reason="invalid-branch", extras={"prefBranch": "a"})],
    "extra_undocumented": [
        fail_to_enroll(day=1, reason="invalid-branch", extras={"prefBranch": "a"})
    ],
    "uptake_status_undocumented": [report_uptake("sign_error", source="normandy/recipe/12", day=1)],
}
"""What is less grave: the first of the `lesser` ways of a rule.

No version of Firefox that has a contract breaks `enrollment_id_unexpected` in its lesser way: each
event that the document has without an ID is sent without one.
"""
