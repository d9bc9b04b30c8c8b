"""How a thing is measured: against a peer, in turn, in the same run; what is told are medians."""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

RUNS = 5


class Measure(NamedTuple):
    """A line of the table: what was measured, our figure, the peer and its figure, the ratio."""

    what: str
    ours: str
    peer: str
    theirs: str
    ratio: str


def compared(
    what: str, ours: Callable[[], object], peer: str, theirs: Callable[[], object]
) -> Measure:
    """The seconds of both, and how many times the peer's ours are."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(RUNS)]
    our, their = (statistics.median(times) for times in zip(*pairs, strict=True))
    return Measure(what, f"{our:.2f} s", peer, f"{their:.2f} s", f"{our / their:.2f}")


def seconds(work: Callable[[], object]) -> float:
    """What the work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
