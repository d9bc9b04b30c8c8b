"""The generated histories of `tests.oracles`, a batch at a time: engine and oracles agree."""

from collections.abc import Iterator
from functools import partial

from tests.mutation.battery import Test
from tests.mutation.memory import Memory
from tests.oracles import engine, test_agreement
from tests.oracles.engine import Way
from tests.oracles.strategies import History

_BATCHES = 4
"""Of each source: fewer than `test_agreement` draws, and so never more kills than it has."""


def tests(memory: Memory) -> Iterator[Test]:
    """A test for each of the first batches of histories that `test_agreement` draws."""
    drawn: dict[str, list[list[History]]] = {source: [] for source in test_agreement.DRAWN}
    for source, batches in drawn.items():
        test_agreement.over(source, batches.append)
    for number in range(_BATCHES):
        for source, batches in drawn.items():
            batch = batches[number]
            server = test_agreement.recipes_of(*batch)
            expected = {
                (way, at)
                for at, history in enumerate(batch)
                for way in test_agreement.by_the_oracles(history, server)
            }
            yield Test(
                f"tests/oracles/test_agreement.py [{source}, batch {number}]",
                partial(_agree, batch, expected, memory),
            )


def _agree(batch: list[History], expected: set[tuple[Way, int]], memory: Memory) -> bool:
    """What `test_agreement` asserts of a batch, for the rules that a mutant can affect."""
    names = set(test_agreement.NAMES)
    if memory.rules is not None:
        names &= memory.rules
    wanted = {place for place in expected if place[0][0] in names}
    return engine.broken(batch, sorted(names)) == wanted
