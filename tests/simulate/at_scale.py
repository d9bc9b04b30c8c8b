"""Recall and precision of every rule in large fleets, held against their labels.

    python -m tests.simulate.at_scale --clients 10000 --seeds 1 2 3

Rules about records on disk are audited in a store of auditor's own, the others in Parquet files as
the warehouse exports them. A label and what an audit shows are the same when rule, severity and
ping (the subject, where no ping shows it) are. Notes are about the document, and left out.

Independent of the engine is that each planted person breaks the rule it was planted for, that those
who nearly do break it not, and that all others are healthy: a miss or a false alarm there counts.
In which pings a breach shows, and which other rules it breaks, labels have from an audit of the
planted people alone: there the figures tell that the fleet around them changes nothing.
"""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from auditor.breaches import breaches_in, severity_of
from auditor.rule import Rule, load_rules
from auditor.simulate import fleet
from auditor.simulate.forms import Form
from auditor.simulate.labels import subject_of
from auditor.simulate.planting import missing_at_server
from auditor.stores import read_recipes, read_stores

Shown = tuple[str, str, str]
"""A rule, how gravely it is broken, and the ping that shows it (the subject, where none does)."""


class Score(NamedTuple):
    """How many labels a rule has, how many of them were shown, and how much was shown in all."""

    labelled: int
    right: int
    shown: int

    @property
    def recall(self) -> float:
        """The share of the labels that were found; not a number where there are none."""
        return self.right / self.labelled if self.labelled else float("nan")

    @property
    def precision(self) -> float:
        """The share of what was found that is labelled; not a number where nothing was found."""
        return self.right / self.shown if self.shown else float("nan")


def of_records(rule: Rule) -> bool:
    """Whether a server cannot hold what breaks the rule."""
    return missing_at_server(rule.breaks) is not None


def is_truth(label: dict[str, str]) -> bool:
    """Whether it stands for a breach: who is planted to keep a promise breaks it by no label."""
    return label["history"] == "breaks" or label["rule"] != label["planted"]


def labelled(folder: Path, names: set[str]) -> set[Shown]:
    """What the labels of a fleet say of these rules."""
    return {
        (label["rule"], label["severity"], ping)
        for label in pq.read_table(folder / "labels.parquet").to_pylist()
        for ping in label["pings"] or [label["subject"]]
        if label["severity"] != "note" and label["rule"] in names and is_truth(label)
    }


def shown(folder: Path, rules: Sequence[Rule]) -> set[Shown]:
    """What an audit of a fleet shows of these rules."""
    (store,), asked = folder.glob("fleet*"), folder / "recipes.json"
    recipes = read_recipes(asked) if asked.exists() else []
    return {
        (rule.name, severity_of(rule, breach), place.ping or subject_of(rule, breach))
        for rule, breach in breaches_in(read_stores([store], recipes), rules)
        for place in breach.places
        if place.notes and severity_of(rule, breach) != "note"
    }


def scores(clients: int, seed: int, into: Path) -> Iterator[tuple[str, Score]]:
    """The score of each rule in the fleets of one seed."""
    everything = load_rules()
    for form, wanted in ((Form.SQLITE, True), (Form.PARQUET, False)):
        rules = [rule for rule in everything if of_records(rule) is wanted]
        folder = into / f"{form}-{seed}"
        times = fleet.planting_of("all")
        fleet.simulate(fleet.Request(clients, seed, folder, form, times))
        truth, found = labelled(folder, {rule.name for rule in rules}), shown(folder, rules)
        for rule in rules:
            own, told = ({each for each in part if each[0] == rule.name} for part in (truth, found))
            yield rule.name, Score(len(own), len(own & told), len(told))


def summed(parts: Iterable[Score]) -> Score:
    """The scores of several fleets together."""
    return Score(*(sum(column) for column in zip(*parts, strict=True)))


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and give 1 if anything was missed or found without a label."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    asked = parser.parse_args(arguments)
    found: defaultdict[str, list[Score]] = defaultdict(list)
    for seed in asked.seeds:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as into:
            for name, score in scores(asked.clients, seed, Path(into)):
                found[name].append(score)
        tell(f"seed {seed}: {asked.clients} clients, {time.monotonic() - begun:.0f} s")
    totals = {name: summed(found[name]) for name in sorted(found)}
    tell(f"{'rule':<46} {'labelled':>8} {'recall':>8} {'precision':>9}")
    for name, told in [*totals.items(), ("all rules", summed(totals.values()))]:
        tell(f"{name:<46} {told.labelled:>8} {told.recall:>8.4f} {told.precision:>9.4f}")
    return int(
        any(each.right != each.labelled or each.right != each.shown for each in totals.values())
    )


if __name__ == "__main__":
    raise SystemExit(main())
