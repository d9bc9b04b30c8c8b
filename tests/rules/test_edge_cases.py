"""Named edge cases of the rules.

The histories are those that `auditor selftest` plants. Rules about time or several events are held
against oracles besides: see `tests/oracles`.
"""

from collections.abc import Callable, Iterable

import pytest

from auditor.history import (
    FILLER,
    Moment,
    enroll,
    fail_to_enroll,
    keep_record,
    opt_out,
    refuse_to_end,
    unenroll,
)
from auditor.report import Reason, Verdict
from auditor.rule import Severity
from auditor.selftest.named import BREAKS, HOLDS

Judge = Callable[[str, Iterable[Moment]], Verdict]

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
        Severity.NOTE,
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


def test_extras_of_which_each_is_documented_or_known_are_a_note(judge: Judge) -> None:
    """The browser knows one and the document the other: none of the two is nobody's."""
    extras = {"preferenceBranch": "other", "prefBranch": "other"}
    history = [fail_to_enroll(day=1, reason="invalid-branch", extras=extras)]
    severities = {finding.severity for finding in judge("extra_undocumented", history).findings}
    assert severities == {Severity.NOTE}


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
