"""A waiver covers what somebody answers for, until its day; one that is wrong stops the audit."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from auditor.failures import UsageError
from auditor.gate import waivers
from auditor.gate.gating import Excuses, gated
from auditor.report import Finding, Reason, Report, Verdict
from auditor.rule import Rule, Severity, load_rules
from tests.gate.making import evidence, finding, report, store, verdict

RULES: dict[str, Rule] = {rule.name: rule for rule in load_rules()}
REUSE, NEVER = "enrollment_id_reused_after_end", "preference_value_reported"
TODAY = date(2026, 3, 1)
NAMES = 'justification = "a reason"\nowner = "Ada"\napprover = "Bo"\n'
EXPIRES = "expires = 2026-03-01\n"
BY_FINGERPRINT = f'fingerprint = "{"0" * 32}"\n'


def entry(reach: str = BY_FINGERPRINT, *, rule: str = REUSE, expires: str = EXPIRES) -> str:
    """One waiver, as somebody writes it."""
    return f'[[waiver]]\nrule = "{rule}"\n{reach}{NAMES}{expires}'


def through(audited: Report, folder: Path, *entries: str, today: date = TODAY) -> Report:
    """The report, held against a file of waivers."""
    file = folder / "waivers.toml"
    file.write_text("\n".join(entries), encoding="utf-8")
    return gated(audited, Excuses(today, waivers=waivers.read(file, today)), RULES)


def broken(*findings: Finding, rule: str = REUSE) -> Report:
    """A report in which a rule is broken, with evidence in two stores."""
    stores = [store(path="qa/one"), store(path="release/two")]
    return report(verdict(*findings or [finding()], rule=rule), stores=stores)


def dispositions(audited: Report) -> list[str]:
    """What became of each finding."""
    return [part.disposition for each in audited.verdicts for part in each.findings]


def faults(audited: Report) -> list[tuple[str, str, str]]:
    """Kind, severity and place of each finding about the gate."""
    gate = audited.gate
    return [(each.kind, each.severity.value, each.place) for each in gate.findings] if gate else []


def test_a_waived_finding_tells_who_answers(tmp_path: Path) -> None:
    """A covered finding is waived, and names the reason, both people and the last day."""
    audited = through(broken(), tmp_path, entry())
    (waived,) = audited.verdicts[0].findings
    assert waived.waiver is not None
    told = {"justification": "a reason", "owner": "Ada", "approver": "Bo", "expires": "2026-03-01"}
    assert ("waived", told) == (waived.disposition, waived.waiver.model_dump())


IN_ONE, IN_TWO = evidence(store=0), evidence(store=1)
REACHES = {
    "its fingerprint": (BY_FINGERPRINT, finding(), True),
    "another fingerprint": (f'fingerprint = "{"1" * 32}"\n', finding(), False),
    "its change": ('change = "slug"\n', finding(), True),
    "a change whose slug begins the same": ('change = "slu"\n', finding(), False),
    "a pattern in place of a change": ('change = "*"\n', finding(), False),
    "a change, where it is about none": ('change = "slug"\n', finding(change=None), False),
    "its store": ('store = "qa/*"\n', finding(places=[IN_ONE]), True),
    "another store": ('store = "qa/*"\n', finding(places=[IN_TWO]), False),
    "one of two stores that show it": ('store = "qa/*"\n', finding(places=[IN_ONE, IN_TWO]), False),
    "its change in its store": (
        'change = "slug"\nstore = "qa/*"\n',
        finding(places=[IN_ONE]),
        True,
    ),
    "its change in another store": (
        'change = "slug"\nstore = "qa/*"\n',
        finding(places=[IN_TWO]),
        False,
    ),
}


@pytest.mark.parametrize(("reach", "found", "covered"), REACHES.values(), ids=REACHES.keys())
def test_reach(tmp_path: Path, reach: str, found: Finding, covered: bool) -> None:  # noqa: FBT001 - a case's own
    """A waiver covers what its fingerprint or scope says, and nothing else."""
    audited = through(broken(found), tmp_path, entry(reach))
    assert ["waived" if covered else "new"] == dispositions(audited)


def test_of_its_own_rule(tmp_path: Path) -> None:
    """A waiver covers nothing of another rule."""
    audited = broken(rule="enrollment_id_malformed")
    assert dispositions(through(audited, tmp_path, entry())) == ["new"]


@pytest.mark.parametrize(
    ("days", "seen"),
    [
        (0, (["waived"], [])),
        (1, (["new"], [("expired-waiver", "low", "waivers.toml, line 1")])),
    ],
    ids=["its last day", "the day after"],
)
def test_expiry(
    tmp_path: Path, days: int, seen: tuple[list[str], list[tuple[str, str, str]]]
) -> None:
    """A waiver counts on its last day; after it the finding is new, and the waiver a finding."""
    audited = through(broken(), tmp_path, entry(), today=TODAY + timedelta(days=days))
    assert seen == (dispositions(audited), faults(audited))


def test_not_waivable(tmp_path: Path) -> None:
    """A rule that is not waivable stays new, and the waiver is a finding."""
    audited = through(broken(rule=NEVER), tmp_path, entry(rule=NEVER))
    expected = (["new"], [("not-waivable", "low", "waivers.toml, line 1")])
    assert expected == (dispositions(audited), faults(audited))


def test_unknown_rule(tmp_path: Path) -> None:
    """A waiver of a rule that there is not is a finding, which names the near miss."""
    gate = through(broken(), tmp_path, entry(rule=f"{REUSE}s")).gate
    told = [(each.kind, each.message) for each in gate.findings] if gate else []
    assert [("unknown-rule", f"there is no such rule; did you mean {REUSE}?")] == told


UNUSED = {
    "a rule that holds": (verdict(rule=REUSE), 0, True),
    "a rule that is unproven": (verdict(rule=REUSE, reason=Reason.AMBIGUOUS), 0, False),
    "a rule that was not selected": (verdict(rule="other"), 0, False),
    "an input that could not be read": (verdict(rule=REUSE), 1, False),
}


@pytest.mark.parametrize(("judged", "cut", "is_told"), UNUSED.values(), ids=UNUSED.keys())
def test_unused(tmp_path: Path, judged: Verdict, cut: int, is_told: bool) -> None:  # noqa: FBT001 - a case's own
    """A waiver that covers nothing is a note, where its rule could have shown something."""
    audited = through(report(judged, stores=[store(cut=cut)]), tmp_path, entry())
    note = ("unused-waiver", "note", "waivers.toml, line 1")
    assert ([note] if is_told else []) == faults(audited)


def test_a_second_waiver_of_the_same(tmp_path: Path) -> None:
    """Of two waivers that cover the same finding, the second is unused."""
    audited = through(broken(), tmp_path, entry(), entry())
    assert faults(audited) == [("unused-waiver", "note", "waivers.toml, line 9")]


WRONG = {
    "not TOML": ("[[waiver]\n", "line 1"),
    "another table": ("[[waivers]]\n", "line 1"),
    "no justification": (entry().replace("justification", "reason"), "line 1"),
    "an empty justification": (entry().replace("a reason", "  "), "line 4"),
    "no owner": (entry().replace("owner", "owned_by"), "line 1"),
    "no approver": (entry().replace("approver", "approved_by"), "line 1"),
    "no end": (entry(expires=""), "line 1"),
    "an end that is no date": (entry(expires='expires = "next year"\n'), "line 7"),
    "an end that is a number": (entry(expires="expires = 20260301\n"), "line 7"),
    "an end 181 days ahead": (entry(expires="expires = 2026-08-29\n"), "line 7"),
    "no fingerprint and no scope": (entry(""), "line 1"),
    "a fingerprint and a scope": (entry(f'{BY_FINGERPRINT}change = "slug"\n'), "line 1"),
    "a fingerprint that is none": (entry('fingerprint = "0*"\n'), "line 3"),
    "an identifier": (entry(f'change = "{"ab" * 16}"\n'), "line 3"),
}


@pytest.mark.parametrize(("text", "place"), WRONG.values(), ids=WRONG.keys())
def test_malformed(tmp_path: Path, text: str, place: str) -> None:
    """A file that is wrong is refused with the line at which it is, and nothing of it quoted."""
    with pytest.raises(UsageError) as refused:
        through(broken(), tmp_path, text)
    said = str(refused.value).removeprefix(str(tmp_path / "waivers.toml"))
    quoted = {word for word in ("Ada", "Bo", "next year", "ab" * 16) if word in said}
    assert (f", {place}", set()) == (said.partition(":")[0], quoted)


def test_the_longest_waiver(tmp_path: Path) -> None:
    """180 days ahead is the furthest that a waiver may end."""
    audited = through(broken(), tmp_path, entry(expires="expires = 2026-08-28\n"))
    assert dispositions(audited) == ["waived"]


def test_rules_that_nobody_may_waive() -> None:
    """What tells of the person, or of one who said no, cannot be waived; the rest can."""
    kept = {
        *("enrollment_id_derived", "enrollment_id_sent_after_opt_out"),
        *("failure_reason_names_a_person", NEVER),
    }
    assert kept == {name for name, rule in RULES.items() if not rule.waivable}
    assert {Severity.HIGH} == {RULES[name].severity for name in kept}
