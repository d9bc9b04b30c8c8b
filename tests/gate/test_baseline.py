"""A baseline excuses what was there, as often and as grave as it was: never one more."""

from collections import Counter, defaultdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.gate import baseline, keeping
from auditor.gate.gating import Accepted, Excuses, gated
from auditor.report import Finding, Reason, Report, Verdict
from auditor.rule import Severity
from tests.gate.making import evidence, finding, report, store, verdict

KEY = bytes(range(32))
RULES = ("first", "second")
Name = tuple[str, str]


def through(audited: Report, accepted: baseline.Ledger) -> Report:
    """The report held against a baseline."""
    given = Accepted(accepted, "baseline.json", "sha256:1")
    return gated(audited, Excuses(date(2026, 1, 1), given), {})


def dispositions(audited: Report) -> list[tuple[str, str]]:
    """Severity and disposition of every finding."""
    return [
        (part.severity, part.disposition) for each in audited.verdicts for part in each.findings
    ]


def accepted_from(audited: Report, seen: str | None = None) -> baseline.Ledger:
    """A baseline that was written from a report."""
    written = keeping.first(audited, None, seen)
    return baseline.Ledger(written, baseline.begun(audited, None).key)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report in which few fingerprints stand often, under few rules, graver or less."""
    kinds = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(list(Severity))), max_size=4)
    return report(
        *(
            verdict(*(finding(name * 32, severity) for name, severity in draw(kinds)), rule=rule)
            for rule in RULES
        )
    )


def grades(audited: Report, *of: str) -> defaultdict[Name, list[int]]:
    """How grave each breach is, as often as it is there, of these dispositions or of any."""
    found: defaultdict[Name, list[int]] = defaultdict(list)
    for each in audited.verdicts:
        for part in each.findings:
            if not of or part.disposition in of:
                found[each.rule, part.fingerprint].append(part.severity.rank)
    return found


def most(before: list[int], after: list[int]) -> int:
    """By trying them all: how many of `after` can each have one of `before`, as grave, its own."""
    if not after:
        return 0
    first, *rest = after
    with_first = [
        1 + most(before[:number] + before[number + 1 :], rest)
        for number, rank in enumerate(before)
        if rank >= first
    ]
    return max([most(before, rest), *with_first])


@given(reports(), reports())
def test_never_one_more_than_was_there(before: Report, after: Report) -> None:
    """A baseline has as many findings as can be paired with those that were there, none graver.

    Told apart from the code by trying every way to pair what is with what was.
    """
    was = grades(before)
    has = grades(through(after, accepted_from(before)), "baseline")
    expected = {name: most(was[name], ranks) for name, ranks in grades(after).items()}
    assert expected == {name: most(was[name], has[name]) for name in expected}
    assert expected == {name: len(has[name]) for name in expected}


@given(reports())
def test_the_same_again_is_excused(audited: Report) -> None:
    """What a baseline was written from is all in it."""
    again = through(audited, accepted_from(audited))
    assert grades(audited) == grades(again, "baseline")


@given(reports(), reports(), reports())
def test_updates_do_not_add_up(one: Report, other: Report, after: Report) -> None:
    """After an update no breach passes more often than it was there in one of the reports."""
    book = accepted_from(one)
    both = baseline.Ledger(keeping.extended(book, other, None), book.key)
    has = grades(through(after, both), "baseline")
    most_often = {name: max(len(grades(one)[name]), len(grades(other)[name])) for name in has}
    assert set() == {name for name, ranks in has.items() if len(ranks) > most_often[name]}
    assert grades(other) == grades(through(other, both), "baseline")


@given(reports(), reports())
def test_pruning_accepts_nothing(before: Report, after: Report) -> None:
    """A pruned baseline has no more of any breach than it had, nor than there still is."""
    book = accepted_from(before)
    kept = keeping.pruned(book, after).counts()
    assert kept == book.baseline.counts() & baseline.counted(after, book)


def test_a_third_of_two_is_new() -> None:
    """Of three findings with one fingerprint, of which two were there, one is new."""
    book = accepted_from(report(verdict(finding(), finding())))
    seen = dispositions(through(report(verdict(*[finding()] * 3)), book))
    assert Counter({("low", "baseline"): 2, ("low", "new"): 1}) == Counter(seen)


def test_graver_is_new() -> None:
    """A breach that is graver than it was is new."""
    book = accepted_from(report(verdict(finding(severity=Severity.LOW))))
    graver = report(verdict(finding(severity=Severity.MEDIUM)))
    assert dispositions(through(graver, book)) == [("medium", "new")]


def test_the_same_fingerprint_under_another_rule_is_new() -> None:
    """An entry serves its own rule alone."""
    book = accepted_from(report(verdict(finding(), rule="first")))
    other = report(verdict(finding(), rule="second"))
    assert dispositions(through(other, book)) == [("low", "new")]


def on_disk(digest: str, *files: str) -> Report:
    """A finding about a record on disk, in a store of these files and bytes."""
    record = finding(places=[evidence(ping=None, source="studies.json")])
    return report(verdict(record), stores=[store(*files, digest=digest)])


@pytest.mark.parametrize(
    "files", [(), ("studies.json",)], ids=["a store that is one file", "a file of a profile"]
)
@pytest.mark.parametrize(
    ("digest", "disposition"),
    [("sha256:1", "baseline"), ("sha256:2", "new")],
    ids=["the same bytes", "other bytes"],
)
def test_a_record_is_the_same_in_the_same_bytes(
    digest: str, disposition: str, files: tuple[str, ...]
) -> None:
    """A record has no name of its own: once its file changes, another may stand in its place."""
    book = accepted_from(on_disk("sha256:1", *files))
    assert [("low", disposition)] == dispositions(through(on_disk(digest, *files), book))


def test_rules_that_are_not_waivable_stay_new() -> None:
    """No baseline holds what cannot be waived, be it written or put in by hand."""
    grave = report(verdict(finding(), waivable=False))
    by_hand = accepted_from(report(verdict(finding())))
    written = accepted_from(grave).baseline.entries
    assert (written, dispositions(through(grave, by_hand))) == ((), [("low", "new")])


def test_waived_findings_stay_out() -> None:
    """What is waived has an end, and a baseline would take it away."""
    waived = finding().model_copy(update={"disposition": "waived"})
    assert accepted_from(report(verdict(waived))).baseline.entries == ()


NOW = {
    "a rule that holds": (verdict(), 0, set()),
    "a rule that is unproven": (verdict(reason=Reason.NOTHING_TO_EXAMINE), 0, {"reuse"}),
    "a rule that crashed": (verdict(reason=Reason.INCOMPLETE), 0, {"reuse"}),
    "a rule that was not selected": (verdict(rule="other"), 0, {"reuse"}),
    "an input that could not be read": (verdict(finding("1" * 32)), 1, {"reuse"}),
}


@pytest.mark.parametrize(("now", "cut", "kept"), NOW.values(), ids=NOW.keys())
def test_only_what_was_examined_is_pruned(now: Verdict, cut: int, kept: set[str]) -> None:
    """Entries go only where their rule was judged on all input, and does not find the breach."""
    book = accepted_from(report(verdict(finding())))
    pruned = keeping.pruned(book, report(now, stores=[store(cut=cut)]))
    assert kept == {entry.rule for entry in pruned.entries}


@pytest.mark.parametrize(("now", "cut", "kept"), NOW.values(), ids=NOW.keys())
def test_stale_entries_are_told(now: Verdict, cut: int, kept: set[str]) -> None:
    """What could be pruned is a note about the gate, and nothing else is."""
    book = accepted_from(report(verdict(finding())))
    gate = through(report(now, stores=[store(cut=cut)]), book).gate
    told = [(part.kind, part.severity, part.rule) for part in gate.findings] if gate else None
    assert ([] if kept else [("stale-baseline", Severity.NOTE, "reuse")]) == told


def test_first_seen_stays() -> None:
    """The day on which a breach was first accepted outlasts an update; no clock gives one."""
    one, two = finding("1" * 32), finding("2" * 32)
    book = accepted_from(report(verdict(one)), "2026-01-31")
    later = keeping.extended(book, report(verdict(one, one, two)), "2026-05-01")
    seen = {(entry.first_seen, entry.count) for entry in later.entries}
    undated = {entry.first_seen for entry in accepted_from(report(verdict(one))).baseline.entries}
    assert ({("2026-01-31", 2), ("2026-05-01", 1)}, {None}) == (seen, undated)


def test_files_of_two_projects_cannot_be_joined() -> None:
    """The same finding has another fingerprint in the baseline of other stores, or another key."""

    def of(digest: str, key: bytes | None) -> set[str]:
        audited = report(verdict(finding()), stores=[store(digest=digest)])
        return {entry.fingerprint for entry in keeping.first(audited, key, None).entries}

    found = (of("sha256:1", None), of("sha256:2", None), of("sha256:1", KEY))
    assert len(set().union(*found, {finding().fingerprint})) == 4


def test_same_bytes() -> None:
    """The order of the findings is nothing to a baseline."""

    def file(*findings: Finding) -> bytes:
        return baseline.written(keeping.first(report(verdict(*findings)), None, None))

    one, two = finding("1" * 32), finding("2" * 32)
    assert file(one, two, one) == file(two, one, one)
