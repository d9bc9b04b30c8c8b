"""Variations of a history that change nothing of whether it breaks a promise.

When it is told, beside what else the person does, and of which browser: each of one with each of
the others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from auditor.history import Moment, enroll, unenroll

History = Sequence[Moment]
Variation = Callable[[History], list[Moment]]

_USUAL = Moment("event", 0)

# With what both the document and Firefox know of, so that the stay itself is beyond reproach.
_BEGINS = {"branch": "control", "experimentType": "exp"}
_ENDS = {"didResetValue": "true"}


def variations(history: History) -> Iterator[tuple[str, list[Moment]]]:
    """Every variation of the history, by what is told of it: the history as it is comes first."""
    for (when, moved), (what, joined), (where, browsing) in product(_WHEN, _BESIDE, _BROWSERS):
        told = ", ".join(filter(None, (when, what, where)))
        yield told or "as told", joined(moved(browsing(history)))


def _as_told(history: History) -> list[Moment]:
    return list(history)


def _later(history: History) -> list[Moment]:
    """The same some weeks later."""
    return [_moved(moment, 45) for moment in history]


def _over_sessions(history: History) -> list[Moment]:
    """The browser is started anew before each moment: days apart, so that the order stays clear."""
    return [
        replace(moment, session=moment.session and f"session {number}")
        for number, moment in enumerate(history)
    ]


def _beside(history: History) -> list[Moment]:
    """A healthy stay in another study, which begins before it and ends after it or an opt-out."""
    begins, ends = _span(history)
    return [*_stay("beside", begins - 0.3, ends + 0.3), *history]


def _after(history: History) -> list[Moment]:
    """A healthy stay in another study is over before it begins."""
    begins, _ = _span(history)
    return [*_stay("before", begins - 0.9, begins - 0.5), *history]


def _on_version(history: History) -> list[Moment]:
    """An older browser, of which the same is promised."""
    return [
        replace(moment, version="102.15.1") if moment.version == _USUAL.version else moment
        for moment in history
    ]


def _on_channel(history: History) -> list[Moment]:
    """The channel Beta."""
    return [
        replace(moment, channel="beta") if moment.channel == _USUAL.channel else moment
        for moment in history
    ]


_WHEN: tuple[tuple[str, Variation], ...] = (
    ("", _as_told),
    ("later", _later),
    ("over sessions", _over_sessions),
)
_BESIDE: tuple[tuple[str, Variation], ...] = (
    ("", _as_told),
    ("beside a healthy stay", _beside),
    ("after a healthy stay", _after),
)
_BROWSERS: tuple[tuple[str, Variation], ...] = (
    ("", _as_told),
    ("on Firefox 102", _on_version),
    ("on Beta", _on_channel),
)


def _span(history: History) -> tuple[float, float]:
    """When it begins, and when a stay that surrounds it has to end: before upload goes off."""
    days = [moment.day for moment in history if moment.what != "recipe"]
    off = [moment.day for moment in history if moment.what == "switch"]
    return min(days), min(off) - 0.6 if off else max(days)


def _stay(change: str, begins: float, ends: float) -> list[Moment]:
    name = f"{change} stay"
    return [
        enroll(name, day=begins, change=change, extras=_BEGINS),
        unenroll(name, day=max(ends, begins + 0.1), change=change, extras=_ENDS),
    ]


def _moved(moment: Moment, days: float) -> Moment:
    received = None if moment.received is None else moment.received + days
    return replace(moment, day=moment.day + days, received=received)
