"""What came of the mutants: the survivors that are excused, the table, and the sample for CI."""

import random
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

HERE = Path("tests/mutation")
EQUAL, SAMPLE, README = HERE / "equal.toml", HERE / "sample.tsv", HERE / "README.md"
KNOWN = Path(".mutation/killers.tsv")
"""Which test killed which mutant in the last run: it is tried first in the next."""

SAMPLED, SEED = 60, 7
WANTED = 0.95
_TITLE = """# Mutation testing

    make mutation    # makes every mutant, holds it against the tests, and writes this page

Each mutant is one small change to a predicate of a rule, a query of a view, a contract, or a
function that reads them. It is killed when one of the project's own tests fails with it. The
survivors are listed in `equal.toml`, each with why nobody could tell it from the original; an entry
that does not survive, or that no mutant has the name of, is an error. `test_sample.py` holds a
sample against the tests in every run of the suite.
"""

_Any = TypeVar("_Any")
Killers = Mapping[str, str | None]
"""Mutants by name, each with the test that killed it, or None."""


def equal() -> dict[str, str]:
    """The mutants that are no different from the original, each with the reason."""
    table = tomllib.loads(EQUAL.read_text(encoding="utf-8"))
    return {name: group["why"] for group in table["equal"] for name in group["mutants"]}


def faults(killers: Killers, excused: Iterable[str], parts: Iterable[str]) -> Iterator[str]:
    """What is wrong: an excuse for nothing, a survivor without one, too few killed."""
    tried = tuple(f"{part}: " for part in parts)
    for name in excused:
        if name.startswith(tried) and name not in killers:
            yield f"excused and no mutant: {name}"
        elif killers.get(name):
            yield f"excused and killed: {name}"
    for name, killer in killers.items():
        if killer is None and name not in excused:
            yield f"survived: {name}"
    if killers and (share := _share(killers)) < WANTED:
        yield f"only {share:.1%} of the mutants were killed"


def table(killers: Killers, excused: Iterable[str]) -> str:
    """A line for each part: its mutants, and how many were killed, survived, and are equal."""
    counts: Counter[tuple[str, str]] = Counter()
    for name, killer in killers.items():
        fate = "killed" if killer else "equal" if name in excused else "survived"
        counts.update([(part, what) for part in (_part(name), "all") for what in (fate, "mutants")])
    parts = dict.fromkeys([*map(_part, killers), "all"])
    columns = ("mutants", "killed", "survived", "equal")
    rows = [" | ".join([part, *(str(counts[part, what]) for what in columns)]) for part in parts]
    head = ["| part | mutants | killed | survived | equal |", "|---|---:|---:|---:|---:|"]
    share = f"{_share(killers):.1%} of {len(killers)} mutants were killed."
    return "\n".join([*head, *(f"| {row} |" for row in rows), "", share])


def write(killers: Killers, excused: Iterable[str]) -> None:
    """Write the page, and draw the sample from what was killed."""
    README.write_text(f"{_TITLE}\n{table(killers, excused)}\n", encoding="utf-8")
    quick = sorted(name for name, by in killers.items() if by and "::" in by and _is_data(name))
    write_killers(SAMPLE, {name: killers[name] for name in sorted(drawn(quick, SAMPLED))})


def drawn(every: list[_Any], many: int) -> list[_Any]:
    """So many of them, the same in every run."""
    return random.Random(SEED).sample(every, min(many, len(every)))  # noqa: S311 - no secret


def write_killers(file: Path, killers: Killers) -> None:
    """Write the mutants that were killed with the tests that killed them, a line each."""
    file.parent.mkdir(exist_ok=True)
    lines = [f"{name}\t{killer}\n" for name, killer in killers.items() if killer]
    file.write_text("".join(lines), encoding="utf-8")


def read_killers(file: Path) -> dict[str, str]:
    """The mutants of such a file, each with its test; none where there is no file."""
    if not file.exists():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def _part(name: str) -> str:
    return name.partition(": ")[0]


def _is_data(name: str) -> bool:
    """Whether a rule, a query or a contract is mutated: the sample is to need no cosmic-ray."""
    part = _part(name)
    return part.startswith("rules/") or not part.endswith(".py")


def _share(killers: Killers) -> float:
    return sum(killer is not None for killer in killers.values()) / len(killers)
