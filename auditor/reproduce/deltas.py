"""Delta debugging: the few of many things without any of which something no longer happens."""

from collections.abc import Callable, Sequence
from typing import TypeVar

_Thing = TypeVar("_Thing")


def smallest(things: Sequence[_Thing], happens: Callable[[Sequence[_Thing]], bool]) -> list[_Thing]:
    """What is left of `things`, with which it `happens`, when nothing more can be left out.

    This is ddmin (Zeller and Hildebrandt, 2002), which leaves out half, then a quarter, and so on;
    of its two steps only the one that leaves out a part: with two parts it is the other one too.
    """
    kept, parts = list(things), 2
    if kept and happens([]):
        return []
    while len(kept) > 1:
        size = -(-len(kept) // parts)
        starts = range(0, len(kept), size)
        rests = (kept[:start] + kept[start + size :] for start in starts)
        rest = next(filter(happens, rests), None)
        if rest is not None:
            kept, parts = rest, max(parts - 1, 2)
        elif size == 1:
            break
        else:
            parts = min(parts * 2, len(kept))
    return kept
