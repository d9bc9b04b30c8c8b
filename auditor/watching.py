"""What whoever waits is told on standard error: what is being done, or what was and how long."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Timer
from time import perf_counter

from auditor.renderers import visible
from auditor.stores import Step

PATIENCE = 1.0
"""Seconds of work before anything is said of it."""


def watching(*, verbose: bool) -> AbstractContextManager[Step]:
    """Give what is to be told of each step.

    Asked to be verbose, a line says of each what it was and how long it took. Otherwise a terminal
    shows the step under way, and anything else is told nothing.
    """
    if verbose:
        return nullcontext(_timed)
    return _shown() if sys.stderr.isatty() else nullcontext(nullcontext)


@contextmanager
def _timed(what: str) -> Iterator[None]:
    started = perf_counter()
    yield
    sys.stderr.write(f"auditor: {visible(what)}: {perf_counter() - started:.2f} s\n")


@contextmanager
def _shown() -> Iterator[Step]:
    """A line at the terminal's end that changes with each step, once patience is over."""
    from rich.console import Console
    from rich.text import Text

    status = Console(stderr=True).status("")
    timer = Timer(PATIENCE, status.start)
    timer.daemon = True

    @contextmanager
    def step(what: str) -> Iterator[None]:
        status.update(Text(visible(what)))
        yield

    timer.start()
    try:
        yield step
    finally:
        timer.cancel()
        timer.join()
        status.stop()
