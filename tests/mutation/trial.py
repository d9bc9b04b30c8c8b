"""Mutants held against tests: each in a process of its own, which ends with the first failure."""

import gc
import os
import signal
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from auditor import views
from auditor.rule import load_rules
from tests.mutation.battery import Test, forget
from tests.mutation.engines import ENGINE
from tests.mutation.memory import Memory
from tests.mutation.mutants import Mutant
from tests.mutation.together import Together

_PASSED = "-"


@dataclass
class Trial:
    """What is needed to hold a mutant against the tests that rest on its part.

    `known` tells by the name of a mutant which test killed it in an earlier run: the first to be
    tried, or the only one.
    """

    tests: list[Test]
    memory: Memory
    known: dict[str, str]
    together: Together | None = None
    only_known: bool = False
    _kills: dict[str, Counter[str]] = field(default_factory=dict)

    def killer(self, mutant: Mutant) -> str | None:
        """The name of the test that the mutant fails, or None if it passes all."""
        tests = self._in_order(mutant)
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            self._live(mutant, tests, writing)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as told:
            begun = told.read().splitlines()
        ended = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        # The last test that was begun failed or never ended. A process that crashed proves nothing.
        if not begun or begun[-1] == _PASSED or ended not in {0, -signal.SIGPROF}:
            return None
        self._kills.setdefault(mutant.part, Counter())[begun[-1]] += 1
        return begun[-1]

    def _in_order(self, mutant: Mutant) -> list[Test]:
        """The tests that rest on the mutant's part, those first that are likely to fail."""
        kills, known = self._kills.get(mutant.part, Counter()), self.known.get(mutant.name)
        if self.only_known:
            return [test for test in self.tests if test.name == known]
        resting = (test for test in self.tests if mutant.part in test.touched)
        return sorted(resting, key=lambda t: (t.name != known, -kills[t.name], t.seconds))

    def _live(self, mutant: Mutant, tests: Iterable[Test], writing: int) -> NoReturn:
        """The mutant's own process: it tells each test that it begins, and when all have passed."""
        gc.disable()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        forget()
        self.memory.mutate(_remade(mutant.part), _resting_on(mutant.part), _affected(mutant.part))
        mutant.apply()
        same = self.together is not None and self.together.tells_nothing_of(mutant.part)
        for test in tests:
            if same and not test.reads:
                continue
            os.write(writing, f"{test.name}\n".encode())
            # Of its own time: a busy or paused machine is no failure of the mutant.
            signal.setitimer(signal.ITIMER_PROF, 20 + 20 * test.seconds)
            passed = False
            with suppress(Exception):
                passed = test.passes()
            if not passed:
                os._exit(0)
        os.write(writing, f"{_PASSED}\n".encode())
        os._exit(0)


def _remade(part: str) -> str:
    """What has to be made anew for a mutant of the part, of all that is remembered."""
    told = part.startswith(("rules/contracts/", "auditor/")) and not part.endswith(".sql")
    return ENGINE if told and part != "auditor/verdicts.py" else part


def _resting_on(part: str) -> set[str]:
    """The views that are made of a view, and itself."""
    if not part.startswith("auditor/views/"):
        return set()
    return {name for name in views.load() if part in map(_path, views.needed([name]))}


def _path(view: views.View) -> str:
    return f"auditor/views/{view.name}.sql"


def _affected(part: str) -> set[str] | None:
    """The rules that a change of the part can affect; None for all."""
    rules, resting = load_rules(), _resting_on(part)
    if resting:
        return {rule.name for rule in rules if rule.examines in resting}
    return {rule.name for rule in rules if part == f"rules/{rule.name}.py"} or None
