"""A line of time: where on it a moment lies, and which moments on it are named."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WIDTH, GUTTER, MARGIN, LANE = 820, 216, 26, 26
"""Of a picture: its width, that of the names of its lanes and of what is free; a lane's height."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_STEPS = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(step * _MINUTE for step in (1, 2, 5, 10, 15, 30)),
    *(step * _HOUR for step in (1, 2, 3, 6, 12)),
    *(step * _DAY for step in (1, 2, 4, 7, 14, 30, 60, 120, 180, 365)),
    *(step * 365 * _DAY for step in (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)),
)
_TICKS = 5
_FORMATS = ((1, "%H:%M:%S.%f"), (_MINUTE, "%H:%M:%S"), (_DAY, "%H:%M"), (365 * _DAY, "%d %b %Y"))


@dataclass(frozen=True)
class Scale:
    """Moments from `first` to `last`, in seconds since 1970, on a line from `left` to `right`."""

    first: float
    last: float
    left: float
    right: float

    def x(self, moment: float) -> float:
        """Where the moment lies; one that is outside lies at the nearer end."""
        if self.last <= self.first:
            return (self.left + self.right) / 2
        part = (min(max(moment, self.first), self.last) - self.first) / (self.last - self.first)
        return round(self.left + part * (self.right - self.left), 1)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """A few round moments: where each lies, and its name in UTC."""
        span = self.last - self.first
        step = next((step for step in _STEPS if span <= step * _TICKS), _STEPS[-1])
        if span <= 0:
            yield self.x(self.first), _named(self.first, 1 if self.first % 1 else _MINUTE - 1)
            return
        number = math.ceil(self.first / step)
        while number * step <= self.last:
            yield self.x(number * step), _named(number * step, step)
            number += 1

    def day(self) -> str:
        """The day on which the line begins."""
        return written(self.first).partition(",")[0]


def moment(at: str | None) -> float | None:
    """Seconds since 1970 of a time as reports write it; None where it is no such time."""
    try:
        found = datetime.fromisoformat(at) if at else None
    except ValueError:
        return None
    if found is None:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return (aware - _EPOCH).total_seconds()


def written(seconds: float) -> str:
    """A moment for a reader, to the minute: `24 Nov 2026, 06:39`."""
    return _at(seconds).strftime("%d %b %Y, %H:%M").removeprefix("0")


def _at(seconds: float) -> datetime:
    return _EPOCH + timedelta(milliseconds=round(seconds * 1000))


def _named(seconds: float, step: float) -> str:
    form = next((form for below, form in _FORMATS if step < below), "%Y")
    name = _at(seconds).strftime(form)
    return name[:-3] if form.endswith("%f") else name.removeprefix("0" if "%d" in form else "")
