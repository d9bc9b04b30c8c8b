"""The places of a finding as marks: numbered, and none hidden by another."""

from collections.abc import Iterator
from typing import NamedTuple

from auditor.renderers.html.scale import GUTTER, WIDTH, Scale
from auditor.report import Evidence

_RADIUS = 9
_DIGIT = 6.5
"""Half of a mark's height, and the width of a digit in it."""

Key = tuple[str | None, str]
"""Whose event it is, and which."""


class Place(NamedTuple):
    """A place with a time: evidence with its number, or another event of the same subject."""

    at: float
    key: Key
    number: int
    evidence: Evidence | None


class Mark(NamedTuple):
    """Numbered evidence: one place, or several that lie too close to be drawn apart."""

    x: float
    y: float
    half: float
    label: str
    breaks: bool


def marks(places: list[Place], ys: dict[Key, float], scale: Scale) -> Iterator[Mark]:
    """Draw what lies together as one mark, and move a mark aside that would hide another."""
    for key, y in ys.items():
        groups: list[list[Place]] = []
        for place in (p for p in places if p.key == key and p.evidence):
            if groups and _together(groups[-1][-1], place, scale):
                groups[-1].append(place)
            else:
                groups.append([place])
        free = float(GUTTER)
        for group in groups:
            label = _numbers([place.number for place in group])
            half = _RADIUS if len(label) < 3 else 5 + _DIGIT * len(label) / 2  # noqa: PLR2004
            x = min(max(scale.x(group[0].at), free + half), WIDTH - half)
            free = x + half + 2
            evidence = group[0].evidence
            yield Mark(x, y, half, label, evidence is not None and evidence.breaks)


def _together(one: Place, other: Place, scale: Scale) -> bool:
    same = one.evidence and other.evidence and one.evidence.breaks == other.evidence.breaks
    return bool(same) and scale.x(other.at) - scale.x(one.at) < 2 * _RADIUS + 2


def _numbers(numbers: list[int]) -> str:
    """Write `3`, `3-5` or `3, 7`."""
    first, last = numbers[0], numbers[-1]
    if numbers == list(range(first, last + 1)) and last - first > 1:
        return f"{first}\N{EN DASH}{last}"
    return ", ".join(map(str, numbers))
