"""Two reports compared: a finding is fixed only where it would have shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.gate.comparing import compare
from auditor.report import Evidence, ExitCode, Finding, Reason, Report
from auditor.rule import Severity
from tests.gate.making import evidence, finding, report, store, verdict

ARCHIVED = "archived/1.ping-1.event.jsonlz4"
LINE = evidence(source="received.ndjson:9")
RECORD = evidence(ping=None, source="studies.json")


def states(old: Report, new: Report) -> list[str]:
    """The state of every change."""
    return [change.state for change in compare(old, new).changes]


def before(*places: Evidence) -> Report:
    """A broken promise, in a store of all the files that its evidence could lie in."""
    files = (ARCHIVED, "received.ndjson", "studies.json")
    return report(verdict(finding(places=places)), stores=[store(*files)])


def test_new() -> None:
    """What was not there before is new, and fails."""
    found = compare(report(verdict()), report(verdict(finding())))
    seen = [change.state for change in found.changes], found.exit_code(Severity.LOW)
    assert seen == (["new"], ExitCode.BROKEN)


def test_still_broken() -> None:
    """What is there again is still broken, and fails nothing."""
    found = compare(before(), before())
    seen = [change.state for change in found.changes], found.exit_code(Severity.LOW)
    assert seen == (["still-broken"], ExitCode.KEPT)


def test_graver() -> None:
    """What is graver than before is new, and says what it was."""
    graver = report(verdict(finding(severity=Severity.HIGH)))
    (change,) = compare(before(), graver).changes
    assert (change.state, change.why) == ("new", "it was low before")


def test_counts() -> None:
    """A fingerprint that is there once more has one new finding."""
    twice, thrice = (report(verdict(*[finding()] * times)) for times in (2, 3))
    assert states(twice, thrice) == ["new", "still-broken", "still-broken"]


AGAIN = {
    "the file that its ping names": ((), store(ARCHIVED, digest="sha256:2"), "fixed"),
    "no file of its ping": ((), store("archived/2.ping-2.event.jsonlz4"), "no-longer-observable"),
    "the same file of many pings": ((LINE,), store("received.ndjson"), "fixed"),
    "a file of many pings that has changed": (
        (LINE,),
        store("received.ndjson", digest="sha256:2"),
        "no-longer-observable",
    ),
    "the file of its record, changed": (
        (RECORD,),
        store("studies.json", digest="sha256:2"),
        "fixed",
    ),
    "no file of its record": ((RECORD,), store(ARCHIVED), "no-longer-observable"),
    "one of two places": ((evidence(), RECORD), store(ARCHIVED), "no-longer-observable"),
}


@pytest.mark.parametrize(("places", "now", "state"), AGAIN.values(), ids=AGAIN.keys())
def test_gone(places: tuple[Evidence, ...], now: object, state: str) -> None:
    """A finding is fixed where all of its evidence was read again, and else not observable."""
    new = report(verdict()).model_copy(update={"stores": (now,)})
    assert [state] == states(before(*places), new)


def test_a_ping_that_the_new_report_tells_of() -> None:
    """A ping in a file that has changed was read again where another finding names it."""
    other = verdict(finding("1" * 32, places=[LINE]), rule="other")
    new = report(verdict(), other, stores=[store("received.ndjson", digest="sha256:2")])
    assert states(before(LINE), new) == ["new", "fixed"]


UNSEEN = {
    "unproven": report(verdict(reason=Reason.NOTHING_TO_EXAMINE), stores=[store(ARCHIVED)]),
    "not selected": report(verdict(rule="other"), stores=[store(ARCHIVED)]),
    "not all read": report(verdict(), stores=[store(ARCHIVED, cut=1)]),
}


@pytest.mark.parametrize("new", UNSEEN.values(), ids=UNSEEN.keys())
def test_unseen(new: Report) -> None:
    """Where its rule was not judged on all input, nothing is fixed, and the reason is told."""
    (change,) = compare(before(), new).changes
    assert (change.state, bool(change.why)) == ("no-longer-observable", True)


def test_an_incomplete_audit_is_no_pass() -> None:
    """A new report that could not read its input never exits with 0."""
    found = compare(before(), UNSEEN["not all read"])
    assert found.exit_code(Severity.LOW) == ExitCode.INCOMPLETE


@pytest.mark.parametrize(
    ("new", "fail_on", "code"),
    [
        pytest.param(finding(severity=Severity.NOTE), Severity.LOW, ExitCode.KEPT, id="a note"),
        pytest.param(
            finding(severity=Severity.NOTE), Severity.NOTE, ExitCode.BROKEN, id="a note, asked for"
        ),
        pytest.param(
            finding().model_copy(update={"disposition": "waived"}),
            Severity.LOW,
            ExitCode.KEPT,
            id="a waived finding",
        ),
        pytest.param(finding(severity=Severity.HIGH), None, ExitCode.KEPT, id="never"),
    ],
)
def test_exit_code(new: Finding, fail_on: Severity | None, code: ExitCode) -> None:
    """What would not fail an audit does not fail a comparison."""
    assert code == compare(report(verdict()), report(verdict(new))).exit_code(fail_on)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report with few breaches, of which one may be there often."""
    names = draw(st.lists(st.sampled_from("abc"), max_size=5))
    files = draw(st.sampled_from([(), (ARCHIVED,)]))
    return report(verdict(*(finding(name * 32) for name in names)), stores=[store(*files)])


@given(reports(), reports())
def test_every_finding_is_accounted_for(old: Report, new: Report) -> None:
    """Each old finding is still broken or gone, each new one new or still broken: once each."""
    seen = states(old, new)
    still = seen.count("still-broken")
    gone = seen.count("fixed") + seen.count("no-longer-observable")
    sizes = len(old.verdicts[0].findings), len(new.verdicts[0].findings)
    assert (still + gone, still + seen.count("new")) == sizes
