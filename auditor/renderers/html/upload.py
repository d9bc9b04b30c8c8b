"""When a person's upload was off and on, as bands over the lanes of their events."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from auditor.renderers.html.scale import GUTTER, LANE, WIDTH, Scale, moment
from auditor.report import Switch


class Lane(NamedTuple):
    """A row with its name: a person's upload, or one kind of event."""

    y: float
    name: str
    person: str | None
    is_upload: bool


class Band(NamedTuple):
    """A stretch in which upload was off or on, or was turned at a moment that is not known."""

    x: float
    width: float
    y: float
    height: float
    state: str


def bands(switches: Iterable[Switch], lanes: list[Lane], scale: Scale) -> Iterator[Band]:
    """Bands from end to end of the picture, over all lanes of each person with switches."""
    switches = sorted(switches, key=lambda switch: switch.latest)
    for upload in (lane for lane in lanes if lane.is_upload):
        own = [switch for switch in switches if switch.person == upload.person]
        height = LANE * sum(lane.person == upload.person for lane in lanes)
        for start, end, state in _stretches(own):
            x = GUTTER if start is None else scale.x(start)
            right = WIDTH if end is None or end > scale.last else scale.x(end)
            if right > x and (start is None or start <= scale.last):
                yield Band(x, round(right - x, 1), upload.y - LANE / 2, height, state)


def _stretches(switches: list[Switch]) -> Iterator[tuple[float | None, float | None, str]]:
    """From when to when upload was in which state; None is as far as the picture goes."""
    since: float | None = None
    state = "off" if switches and switches[0].upload == "on" else "on"
    for switch in switches:
        at, latest = moment(switch.at), moment(switch.latest)
        if at is not None and latest is not None:
            yield since, at, state
            yield at, latest, "unsure"
            since = latest
        state = switch.upload  # off before anything was recorded, and so off from the start
    yield since, None, state
