"""The tests that a mutant is held against: the project's own, run as they are, in this process."""

import functools
import gc
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest
from _pytest.runner import runtestprotocol

from auditor import views
from auditor.stores import apart
from tests.mutation.memory import Memory

FILES = (
    "tests/rules", "tests/views", "tests/oracles", "tests/stores/test_timeline.py",
    "tests/stores/test_switches.py", "tests/stores/test_copies.py",
    "tests/test_recordings.py", "tests/test_contract.py",
    "tests/test_drift.py", "tests/test_redaction.py",
)  # fmt: skip
_IN_ANOTHER_PROCESS = {"run", "installation"}
_LEFT_OUT = (
    "test_agreement.py",  # its batches are tests of their own here: see `agreement`
    "test_all_rules_run_together",  # compares the engine with itself
    "test_the_same_recording_gives",  # and so does this
    "test_predicates_use_functions", "test_the_clause_stands",
)  # fmt: skip


@dataclass
class Test:
    """One test, the parts of the project that it rests on, and how many seconds it takes.

    `reads` tells that it audits other stores than histories written by hand.
    """

    __test__ = False
    name: str
    passes: Callable[[], bool]
    touched: set[str] = field(default_factory=set)
    reads: bool = False
    seconds: float = 0


@dataclass
class Battery:
    """A plugin of pytest that collects the tests, and instead of running them does `work`."""

    work: Callable[[list[Test]], None]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of pytest's own loop."""
        self.work([*self._tests(session)])
        return True

    def _tests(self, session: pytest.Session) -> Iterator[Test]:
        for item in session.items:
            names = set(getattr(item, "fixturenames", ()))
            left_out = any(name in item.nodeid for name in _LEFT_OUT)
            if not names & _IN_ANOTHER_PROCESS and not left_out:
                yield Test(item.nodeid, partial(_passes, item))


def collect(work: Callable[[list[Test]], None], files: Iterable[str] = FILES) -> None:
    """Have pytest collect the tests, and do the work on them inside its session.

    Raises AssertionError when the session, and the work with it, came to nothing.
    """
    quiet = [
        "-qq",
        "--no-header",
        "--no-summary",
        "-s",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--tb=no",
    ]
    ended = pytest.main([*quiet, "--import-mode=importlib", *files], plugins=[Battery(work)])
    if ended != pytest.ExitCode.OK:
        message = f"pytest ended with {ended!r}, and the work is not done"
        raise AssertionError(message)


def measure(tests: list[Test], memory: Memory) -> None:
    """Run every test on the project as it is, and keep what it rests on. Raises for a failure."""
    for test in tests:
        memory.touched, memory.reads = set(), False
        forget()
        begin = time.perf_counter()
        if not test.passes():
            message = f"{test.name} fails on the project as it is"
            raise AssertionError(message)
        test.seconds = time.perf_counter() - begin
        test.touched, test.reads = memory.touched, memory.reads


def _passes(item: pytest.Item) -> bool:
    reports = runtestprotocol(item, log=False, nextitem=None)
    return not any(report.failed for report in reports)


def forget() -> None:
    """Empty the caches of the project and of its tests, but for what no mutant changes.

    That is the views, which are data, and the engine that takes events apart: the process that
    opened it is another, and only that one may close it.
    """
    for cache in _caches():
        cache.cache_clear()


@functools.cache
def _caches() -> "list[functools._lru_cache_wrapper[object]]":
    return [
        found
        for found in gc.get_objects()
        if isinstance(found, functools._lru_cache_wrapper)
        and found.__module__.partition(".")[0] in {"auditor", "tests"}
        and found not in {views.load, apart._engine, _caches}
    ]
