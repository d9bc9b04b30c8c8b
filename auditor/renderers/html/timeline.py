"""The picture of a finding: upload off and on as bands, events as marks, on one line of time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from auditor.renderers.html.scale import Scale, moment
from auditor.report import Evidence, Finding, Switch

WIDTH, GUTTER, MARGIN = 820, 216, 26
"""Of the picture, of the names of its lanes, and of what is left free beside the line of time."""

LANE, CAPTION, AXIS = 26, 18, 30
LANES_SHOWN = 10
PLACES_SHOWN = 12
_RADIUS = 9
_DIGIT = 6.5

_Key = tuple[str | None, str]
_OTHER: _Key = (None, "other events")


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


class Mark(NamedTuple):
    """Numbered evidence: one place, or several that lie too close to be drawn apart."""

    x: float
    y: float
    half: float
    label: str
    breaks: bool


class Guide(NamedTuple):
    """One of the two facts that conflict, led up to a caption."""

    x: float
    y: float
    caption: str
    breaks: bool
    anchor: str


@dataclass(frozen=True)
class Timeline:
    """The picture, in units of its own width."""

    height: float
    bottom: float
    lanes: tuple[Lane, ...]
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    dots: tuple[tuple[float, float], ...]
    guides: tuple[Guide, ...]
    scale: Scale


class _Place(NamedTuple):
    at: float
    key: _Key
    number: int
    evidence: Evidence | None


def draw(finding: Finding, span: tuple[str | None, str | None]) -> Timeline | None:
    """Draw the finding; `span` is that of all stores, for a finding of a single moment.

    None where nothing of the finding has a time.
    """
    places = _kept(sorted(_places(finding), key=lambda place: (place.at, place.number)))
    if not places:
        return None
    scale, guides = _scale(places, finding.switches, span), _facts(finding, places)
    lanes: list[Lane] = []
    top = CAPTION * len(guides) + 6
    for person in dict.fromkeys(place.key[0] for place in places):
        keys = [place.key for place in places if place.key[0] == person]
        watched = any(switch.person == person for switch in finding.switches)
        names = [("upload", True)] if watched else []
        names += [(name, False) for _, name in dict.fromkeys(keys)]
        for name, is_upload in names:
            lanes.append(Lane(top + LANE * len(lanes) + LANE / 2, name, person, is_upload))
    ys = {(lane.person, lane.name): lane.y for lane in lanes if not lane.is_upload}
    bottom = top + LANE * len(lanes)
    return Timeline(
        height=bottom + AXIS,
        bottom=bottom,
        lanes=tuple(lanes),
        bands=tuple(_bands(finding.switches, lanes, scale)),
        marks=tuple(_marks(places, ys, scale)),
        dots=tuple(dict.fromkeys((scale.x(p.at), ys[p.key]) for p in places if not p.evidence)),
        guides=tuple(_guides(guides, scale)),
        scale=scale,
    )


def _places(finding: Finding) -> Iterator[_Place]:
    for number, evidence in enumerate(finding.evidence[:PLACES_SHOWN], start=1):
        at = moment(evidence.at)
        if at is not None:
            yield _Place(at, (evidence.person, evidence.event), number, evidence)
    for mark in finding.story:
        at = moment(mark.at)
        if at is not None:
            yield _Place(at, (mark.person, mark.event), 0, None)


def _kept(places: list[_Place]) -> list[_Place]:
    """Give the first kinds of event a lane each, evidence before all, and one lane to the rest."""
    told = sorted(places, key=lambda place: place.evidence is None)
    keys = list(dict.fromkeys(place.key for place in told))
    if len(keys) <= LANES_SHOWN:
        return places
    kept = set(keys[: LANES_SHOWN - 1])
    return [p if p.key in kept else p._replace(key=_OTHER) for p in places]


def _scale(
    places: list[_Place], switches: Sequence[Switch], span: tuple[str | None, str | None]
) -> Scale:
    """From the first to the last place, with the switches up to then."""
    moments = [place.at for place in places]
    ends = [moment(end) for switch in switches for end in (switch.at, switch.latest)]
    moments += [end for end in ends if end is not None and end <= max(moments)]
    if min(moments) == max(moments):
        moments += [end for end in map(moment, span) if end is not None]
    return Scale(min(moments), max(moments), GUTTER + MARGIN, WIDTH - MARGIN)


def _facts(finding: Finding, places: list[_Place]) -> list[tuple[float, str, bool]]:
    """Find the two facts that conflict: what came before, or an opt-out, and the first breach."""
    evidence = [(p.at, p.evidence.note, p.evidence.breaks) for p in places if p.evidence]
    breach = next((fact for fact in evidence if fact[2]), None)
    before = next((fact for fact in evidence if not fact[2]), None)
    if before is None and breach:
        offs = [moment(s.latest) for s in finding.switches if s.upload == "off"]
        last = max((off for off in offs if off is not None and off <= breach[0]), default=None)
        before = None if last is None else (last, "upload is turned off", False)
    return [fact for fact in (before, breach) if fact]


def _guides(facts: list[tuple[float, str, bool]], scale: Scale) -> Iterator[Guide]:
    middle = (scale.left + scale.right) / 2
    for row, (at, caption, breaks) in enumerate(facts):
        x = scale.x(at)
        yield Guide(x, CAPTION * (row + 1) - 4, caption, breaks, "start" if x < middle else "end")


def _bands(switches: Iterable[Switch], lanes: list[Lane], scale: Scale) -> Iterator[Band]:
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


def _marks(places: list[_Place], ys: dict[_Key, float], scale: Scale) -> Iterator[Mark]:
    """Draw what lies together as one mark, and move a mark aside that would hide another."""
    for key, y in ys.items():
        groups: list[list[_Place]] = []
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


def _together(one: _Place, other: _Place, scale: Scale) -> bool:
    same = one.evidence and other.evidence and one.evidence.breaks == other.evidence.breaks
    return bool(same) and scale.x(other.at) - scale.x(one.at) < 2 * _RADIUS + 2


def _numbers(numbers: list[int]) -> str:
    """Write `3`, `3-5` or `3, 7`."""
    first, last = numbers[0], numbers[-1]
    if numbers == list(range(first, last + 1)) and last - first > 1:
        return f"{first}\N{EN DASH}{last}"
    return ", ".join(map(str, numbers))
