"""Trials: everything that is declared of each rule, planted in stores, audited and compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.breaches import breaches_in
from auditor.engines.asking import Breach, RuleCrashError
from auditor.history import Moment
from auditor.report import Selftest
from auditor.rule import Rule
from auditor.selftest.named import BREAKS, HOLDS, LESSER
from auditor.selftest.variations import variations
from auditor.stores import Stores, as_stores


@dataclass(frozen=True)
class Plant:
    """One person's history. `way` is that in which it breaks the rule; None for a near miss."""

    rule: str
    told: str
    way: int | None
    moments: Sequence[Moment]


@dataclass(frozen=True)
class Trial:
    """What a rule made of what was planted for it. `wrong` tells what it missed or accused."""

    rule: str
    figures: Selftest
    wrong: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the rule found all that was planted, which is something, and nothing else."""
        return bool(self.figures.planted) and not self.wrong


def selftest(rules: Sequence[Rule]) -> list[Trial]:
    """Plant all that is declared of these rules, audit it, and tell what each of them found."""
    shared, alone = list[Plant](), list[list[Plant]]()
    for rule in rules:
        for told, way, history in _declared(rule):
            plants = [*_varied(rule, told, way, history)]
            # What recipes ask for is looked for in everybody's texts.
            if any(moment.what == "recipe" for moment in history):
                alone.append(plants)
            else:
                shared += plants
    results = [result for group in (shared, *alone) for result in _audited(group, rules)]
    return [_trial(rule, results) for rule in rules]


def _declared(rule: Rule) -> Iterator[tuple[str, int | None, Sequence[Moment]]]:
    yield "its own example", 0, rule.breaks
    yield from ((told, 0, each) for told, each in BREAKS.get(rule.name, {}).items())
    yield from (("the lesser way", 1, each) for each in [LESSER.get(rule.name)] if each)
    yield "its own near miss", None, rule.keeps
    yield from ((told, None, each) for told, each in HOLDS.get(rule.name, {}).items())


def _varied(rule: Rule, told: str, way: int | None, history: Sequence[Moment]) -> Iterator[Plant]:
    for varied, moments in variations(history):
        yield Plant(rule.name, f"{told}, {varied}", way, moments)


def _audited(plants: Sequence[Plant], rules: Sequence[Rule]) -> Iterator[tuple[Plant, set[int]]]:
    """Each plant with the ways in which its own rule was found broken by it."""
    own = {plant.rule for plant in plants}
    stores = as_stores(*(plant.moments for plant in plants))
    found: Mapping[int, set[int]] = {number: set() for number, _ in enumerate(plants)}
    for rule, breach in _breaches(stores, [rule for rule in rules if rule.name in own]):
        for place in breach.places:
            number = _number(place.source)
            if place.notes and plants[number].rule == rule.name:
                found[number].add(breach.way)
    return ((plant, found[number]) for number, plant in enumerate(plants))


def _breaches(stores: Stores, rules: Sequence[Rule]) -> list[tuple[Rule, Breach]]:
    """All breaches. A rule that cannot be run finds nothing, so that it misses what is planted."""
    try:
        return [*breaches_in(stores, rules)]
    except RuleCrashError:
        alone = [[rule] for rule in rules] if len(rules) > 1 else []
        return [breach for each in alone for breach in _breaches(stores, each)]


def _number(source: str) -> int:
    """Whose history a place stands in: `history 12, day 3`."""
    return int(source.partition(",")[0].removeprefix("history "))


def _trial(rule: Rule, results: Sequence[tuple[Plant, set[int]]]) -> Trial:
    own = [(plant, ways) for plant, ways in results if plant.rule == rule.name]
    planted = [(plant, ways) for plant, ways in own if plant.way is not None]
    missed = [plant.told for plant, ways in planted if plant.way not in ways]
    spurious = [plant.told for plant, ways in own if plant.way is None and ways]
    figures = Selftest(
        planted=len(planted),
        found=len(planted) - len(missed),
        missed=len(missed),
        spurious=len(spurious),
    )
    wrong = (*(f"missed: {told}" for told in missed), *(f"spurious: {told}" for told in spurious))
    return Trial(rule.name, figures, wrong)
