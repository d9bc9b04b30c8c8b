"""Named edge cases of the rules about single events, texts, uptake and scalars.

Rules about time or several events are held against oracles instead: see `tests/oracles`.
"""

from collections.abc import Callable, Iterable

import pytest

from auditor.history import (
    FILLER,
    Moment,
    change_preference,
    enroll,
    event,
    fail_to_enroll,
    graduate,
    keep_record,
    opt_out,
    raw,
    recipe,
    refuse_to_end,
    report_freshness,
    report_uptake,
    unenroll,
    update,
)
from auditor.report import Reason, Verdict
from auditor.rule import Severity

Judge = Callable[[str, Iterable[Moment]], Verdict]

NOTE = Severity.NOTE
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


HOLDS = {
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

BREAKS = {
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
    "event_name_too_long": {"a key of 16 characters": [study(**{"k" * 16: ""})]},
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


AMBIGUOUS = {
    "enrollment_id_kept_after_opt_out": {
        "an ID in a database whose log was not copied": [
            enroll("e1", day=1),
            opt_out(day=2),
            keep_record("e1", day=3, log="missing"),
        ],
    },
    "enrollment_id_restored_after_opt_out": {
        "an ID after the filler in a database whose log was not copied": [
            enroll("e1", day=1),
            opt_out(day=2),
            keep_record(FILLER, day=3),
            keep_record("e1", day=4, log="missing"),
        ],
    },
    "enrollment_id_reused_after_end": {
        "the clock is set back between the enrollment and the ending": [
            enroll("e1", day=5, session="first"),
            unenroll("e1", day=4, session="second"),
        ],
    },
    "stored_id_differs_from_reported": {
        "another ID in a database whose log was not copied": [
            enroll("e1", day=1),
            keep_record("e2", day=2, log="missing"),
        ],
    },
}


LESSER: dict[str, tuple[str, Severity, list[Moment]]] = {
    "an ID that the document asks for and this browser never sends": (
        "enrollment_id_missing",
        NOTE,
        [refuse_to_end(None, day=1, reason="does-not-exist")],
    ),
}


def cases(table: dict[str, dict[str, list[Moment]]]) -> list[object]:
    """Every case of a table, under the name of its rule and its own."""
    return [
        pytest.param(rule, history, id=f"{rule}: {name}")
        for rule, named in table.items()
        for name, history in named.items()
    ]


@pytest.mark.parametrize(("name", "history"), cases(HOLDS))
def test_what_looks_like_a_breach_and_is_none(
    name: str, history: list[Moment], judge: Judge
) -> None:
    """The promise is shown to hold."""
    assert (judge(name, history).verdict, judge(name, history).broken) == ("holds", 0)


@pytest.mark.parametrize(("name", "history"), cases(BREAKS))
def test_a_breach_that_is_easily_overlooked(name: str, history: list[Moment], judge: Judge) -> None:
    """The promise is found broken, at the rule's own severity."""
    verdict = judge(name, history)
    assert {finding.severity for finding in verdict.findings} == {verdict.severity}


@pytest.mark.parametrize(("name", "history"), cases(AMBIGUOUS))
def test_what_has_an_innocent_and_a_guilty_reading(
    name: str, history: list[Moment], judge: Judge
) -> None:
    """Neither is taken for granted."""
    assert judge(name, history).reason == Reason.AMBIGUOUS


TOO_LONG = {
    "event_value_too_long": enroll("e", day=9, change="x" * 81, extras={"branch": "a"}),
    "event_extra_too_long": enroll("e", day=9, extras={"branch": "x" * 81}),
}


@pytest.mark.parametrize("name", TOO_LONG)
def test_what_is_too_long_is_shown_where_it_stands(name: str, judge: Judge) -> None:
    """Of thirty events of one shape, the evidence names the one that is over the limit."""
    short = [enroll(f"e{n}", day=n / 9, extras={"branch": "a"}) for n in range(30)]
    (finding,) = judge(name, [*short, TOO_LONG[name]]).findings
    (alone,) = judge(name, [TOO_LONG[name]]).findings
    assert [place.at for place in finding.evidence] == [place.at for place in alone.evidence]


@pytest.mark.parametrize("sentence", LESSER)
def test_a_breach_that_is_less_grave(sentence: str, judge: Judge) -> None:
    """The promise is found broken, at the severity of that way to break it."""
    name, severity, history = LESSER[sentence]
    assert {finding.severity for finding in judge(name, history).findings} == {severity}
