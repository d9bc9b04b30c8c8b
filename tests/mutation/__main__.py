"""Makes every mutant, holds it against the tests, and tells which survive.

`python -m tests.mutation` tries all, `--part TEXT` those of the files whose path holds the text,
and `--sample` those of `sample.tsv`, against the test alone that killed each.
"""

import argparse
import gc
import multiprocessing
import sys

import pytest

from tests.mutation.memory import Memory

MEMORY, PATCH = Memory(), pytest.MonkeyPatch()
MEMORY.install(PATCH)

# What follows imports what is watched: it is to find the memory in place.
from tests.mutation import battery, mutants, results  # noqa: E402
from tests.mutation.battery import Test  # noqa: E402
from tests.mutation.engines import Engines  # noqa: E402
from tests.mutation.mutants import Mutant  # noqa: E402
from tests.mutation.together import Together  # noqa: E402
from tests.mutation.trial import Trial  # noqa: E402


def main() -> int:
    """Do what was asked for, and give the exit code: 0 if nothing is at fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--part", action="append", help="only files whose path holds this text")
    parser.add_argument("--draw", type=int, help="only so many, drawn from all by a fixed seed")
    parser.add_argument("--sample", action="store_true", help="only the mutants of sample.tsv")
    asked = parser.parse_args()
    Engines(MEMORY, PATCH)
    faults: list[str] = []
    if asked.sample:
        known = results.read_killers(results.SAMPLE)
        files = sorted({killer.partition("::")[0] for killer in known.values()})
        battery.collect(lambda tests: faults.extend(_sampled(tests, known)), files)
    else:
        parts = [
            part for part in mutants.parts() if any(text in part for text in asked.part or [""])
        ]
        battery.collect(lambda tests: faults.extend(_tried(tests, parts, asked.draw)))
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    return 1 if faults else 0


def _tried(tests: list[Test], parts: list[str], draw: int | None) -> list[str]:
    """Hold every mutant of the parts against every test that rests on its part."""
    from tests.mutation import agreement

    whole = parts == mutants.parts() and draw is None
    controls = [control for part in parts if (control := mutants.control(part))]
    made = [mutant for part in parts for mutant in mutants.mutants(part)]
    if draw is not None:
        made, controls = results.drawn(made, draw), []
    tests += agreement.tests(MEMORY)
    battery.measure(tests, MEMORY)
    known = results.read_killers(results.KNOWN)
    trial = Trial(tests, MEMORY, known, Together(MEMORY))
    killers = _killers(trial, [*made, *controls])
    spoilt = [f"fails unchanged: {c.name}" for c in controls if killers.pop(c.name)]
    excused = results.equal()
    sys.stdout.write(f"\n{results.table(killers, excused)}\n")
    results.write_killers(results.KNOWN, known | killers)
    if whole:
        results.write(killers, excused)
    return [*spoilt, *results.faults(killers, excused, parts if draw is None else ())]


def _sampled(tests: list[Test], known: dict[str, str]) -> list[str]:
    """Hold each mutant of the sample against the one test that killed it before."""
    needed = [test for test in tests if test.name in known.values()]
    battery.measure(needed, MEMORY)
    parts = {name.partition(": ")[0] for name in known}
    made = [m for part in sorted(parts) for m in mutants.mutants(part) if m.name in known]
    killers = _killers(Trial(needed, MEMORY, known, only_known=True), made)
    sys.stdout.write(f"\n{len(made)} mutants of the sample, of {len(known)} that were drawn\n")
    # A mutant of what was rewritten since is gone, and so may its test be.
    stale = (
        [] if 2 * len(made) > len(known) else ["the sample is of another project: make mutation"]
    )
    return [f"survived: {name}" for name, killer in killers.items() if not killer] + stale


def _killers(trial: Trial, made: list[Mutant]) -> dict[str, str | None]:
    """Every mutant with the test that killed it, if one did."""
    global _KILLER  # noqa: PLW0603 - what a worker process inherits cannot be an argument
    _KILLER = lambda at: (made[at].name, trial.killer(made[at]))  # noqa: E731
    gc.collect()
    gc.freeze()  # what is frozen is not copied into each mutant's process
    found: dict[str, str | None] = {}
    with multiprocessing.get_context("fork").Pool() as pool:
        for number, (name, killer) in enumerate(pool.imap_unordered(_killed, range(len(made)))):
            found[name] = killer
            if killer is None:
                sys.stderr.write(f"survives: {name}\n")
            if not number % 50 and not trial.only_known:
                # An hour's work is not to be lost with the process.
                results.write_killers(results.KNOWN, trial.known | found)
                sys.stderr.write(f"{number} of {len(made)}\n")
                sys.stderr.flush()
    return {mutant.name: found[mutant.name] for mutant in made}


_KILLER = None


def _killed(at: int) -> tuple[str, str | None]:
    assert _KILLER is not None
    return _KILLER(at)


if __name__ == "__main__":
    sys.exit(main())
