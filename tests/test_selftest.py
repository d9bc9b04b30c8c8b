"""The self-test of the rules."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from subprocess import CompletedProcess

import pytest

from auditor.history import Moment, enroll, opt_out, recipe
from auditor.rule import Rule, load_rules
from auditor.selftest.named import BREAKS, HOLDS, LESSER
from auditor.selftest.table import table
from auditor.selftest.trials import Trial, selftest
from auditor.selftest.variations import variations

RULES = {rule.name: rule for rule in load_rules()}
MISSING = "enrollment_id_missing"

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    """Every rule put to the test."""
    return selftest(load_rules())


def trial_of(name: str, **changed: object) -> Trial:
    """The trial of one rule of which something is changed."""
    (trial,) = selftest([RULES[name].model_copy(update=changed)])
    return trial


def ways(name: str) -> int:
    """How many histories are declared to break a rule, its own example among them."""
    return 1 + len(BREAKS.get(name, {})) + (name in LESSER)


def test_every_rule_finds_all_that_is_planted_and_no_more(trials: list[Trial]) -> None:
    """No rule is left out, nothing is missed, and no near miss is accused."""
    assert dict.fromkeys(RULES, ()) == {trial.rule: trial.wrong for trial in trials}
    assert all(trial.passed for trial in trials)


def test_the_figures_are_those_of_what_is_declared(trials: list[Trial]) -> None:
    """Every way to break a rule is planted in every variation, three of them at least."""
    each = len([*variations([enroll("e1", day=1)])])
    assert each >= 3
    planted = {name: ways(name) * each for name in RULES}
    assert planted == {trial.rule: trial.figures.planted for trial in trials}
    assert planted == {trial.rule: trial.figures.found for trial in trials}


def test_what_is_declared_is_declared_of_rules() -> None:
    """A misspelt name would be planted nowhere."""
    assert set() == (BREAKS.keys() | HOLDS.keys() | LESSER.keys()) - RULES.keys()


def test_a_rule_that_misses_is_told() -> None:
    """Blind to one of its ways, it has missed that way in each variation, and is named."""
    rule = RULES["caller_outside_nightly"]
    trial = trial_of(rule.name, broken_when=f"({rule.broken_when}) AND channel <> 'beta'")
    assert not trial.passed
    assert trial.figures.missed == trial.figures.planted - trial.figures.found > 0
    assert {wrong.rpartition(", ")[2] for wrong in trial.wrong} >= {"on Beta"}
    assert trial.wrong[0] in table([trial])


def test_a_rule_that_accuses_is_told() -> None:
    """What keeps the promise is found broken: a false alarm, beside what is found rightly."""
    trial = trial_of("unenroll_reason_unknown", broken_when="TRUE")
    figures = trial.figures
    assert (trial.passed, figures.missed, figures.spurious > 0) == (False, 0, True)
    assert {"spurious"} == {wrong.partition(":")[0] for wrong in trial.wrong}


def test_a_breach_of_another_gravity_is_a_miss() -> None:
    """The lesser way, found as grave as the rule's own, is not what was planted."""
    trial = trial_of(MISSING, broken_when="carries = 'nothing'")
    assert {"the lesser way"} == {
        wrong.removeprefix("missed: ").partition(",")[0] for wrong in trial.wrong
    }


def test_a_rule_that_cannot_be_run_misses_everything() -> None:
    """Beside one that can, which is not touched by it."""
    crash = RULES[MISSING].model_copy(update={"broken_when": "no_such_column"})
    crashed, other = selftest([crash, RULES["unenroll_failed"]])
    assert (crashed.figures.found, crashed.figures.missed) == (0, crashed.figures.planted)
    assert (crashed.passed, other.passed) == (False, True)


def test_what_one_history_asks_for_is_not_looked_for_in_others() -> None:
    """Of two histories that are near misses alone, neither makes the other a breach."""
    assert trial_of("preference_value_reported").passed


def told_of(history: Iterable[Moment]) -> dict[str, list[Moment]]:
    """The variations of a history by what is told of them."""
    found = [*variations([*history])]
    assert {told: n for told, n in Counter(told for told, _ in found).items() if n > 1} == {}
    return dict(found)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_variations_leave_what_happens_as_it_is(rule: Rule) -> None:
    """The history's own events, in their order, with their IDs: only more around them."""
    for moments in told_of(rule.breaks).values():
        own = [moment for moment in moments if "stay" not in (moment.id or "")]
        assert [(m.what, m.id, m.method, m.extras) for m in rule.breaks] == [
            (m.what, m.id, m.method, m.extras) for m in own
        ]


def test_a_stay_beside_a_history_is_over_before_upload_goes_off() -> None:
    """Or it would break promises of its own."""
    history = [enroll("e1", day=1), opt_out(day=2)]
    for moments in told_of(history).values():
        off = next(moment.day for moment in moments if moment.what == "switch")
        assert all(moment.day < off for moment in moments if moment.what == "event")


def test_what_a_recipe_asks_for_is_no_day_of_a_history() -> None:
    """A recipe stands at day 0, whenever its person's history begins."""
    history = [recipe(preference="a.b", value="x"), enroll("e1", day=5)]
    stays: defaultdict[str, set[float]] = defaultdict(set)
    for told, moments in told_of(history).items():
        stays[told.partition(",")[0]] |= {
            moment.day for moment in moments if "stay" in (moment.id or "")
        }
    assert all(day > 4 for day in stays["beside a healthy stay"])


def test_the_command_prints_the_table(run: Run) -> None:
    """A line for each rule with its figures, and 0 when nothing is missed or accused."""
    done = run("selftest")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["rule", "planted", "found", "missed", "spurious"]
    assert (done.returncode, set(RULES)) == (0, {line[0] for line in lines[1:-1]})


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_report_can_tell_the_figures(form: str, run: Run) -> None:
    """One line for the rule that was held against the store."""
    told = trial_of("unenroll_failed").figures
    run("simulate", "--clients", 2, "--into", "fleet", "--form", "sqlite")
    options = ("--select", "unenroll_failed", "--format", form)
    line = f"found {told.found} of {told.planted} planted, 0 spurious"
    printed = [
        line in run("audit", "fleet/fleet.db", *options, *more).stdout
        for more in ((), ("--with-selftest",))
    ]
    assert printed == [False, True]
