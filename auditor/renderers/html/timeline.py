"""The picture of a finding: upload off and on as bands, events as marks, on one line of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from auditor.renderers.html.marks import Key, Mark, Place, marks
from auditor.renderers.html.scale import GUTTER, LANE, MARGIN, WIDTH, Scale, moment
from auditor.renderers.html.upload import Band, Lane, bands
from auditor.report import Finding, Switch

CAPTION, AXIS = 18, 30
LANES_SHOWN = 10
PLACES_SHOWN = 12
_OTHER: Key = (None, "other events")


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


def draw(finding: Finding, span: tuple[str | None, str | None]) -> Timeline | None:
    """Draw the finding; `span` is that of all stores, for a finding of a single moment.

    None where nothing of the finding has a time.
    """
    places = _kept(sorted(_places(finding), key=lambda place: (place.at, place.number)))
    if not places:
        return None
    scale, guides = _scale(places, finding.switches, span), _facts(finding, places)
    top = CAPTION * len(guides) + 6
    lanes = [
        Lane(top + LANE * (number + 0.5), *named)
        for number, named in enumerate(_lanes(places, finding.switches))
    ]
    ys = {(lane.person, lane.name): lane.y for lane in lanes if not lane.is_upload}
    bottom = top + LANE * len(lanes)
    return Timeline(
        height=bottom + AXIS,
        bottom=bottom,
        lanes=tuple(lanes),
        bands=tuple(bands(finding.switches, lanes, scale)),
        marks=tuple(marks(places, ys, scale)),
        dots=tuple(dict.fromkeys((scale.x(p.at), ys[p.key]) for p in places if not p.evidence)),
        guides=tuple(_guides(guides, scale)),
        scale=scale,
    )


def _places(finding: Finding) -> Iterator[Place]:
    for number, evidence in enumerate(finding.evidence[:PLACES_SHOWN], start=1):
        at = moment(evidence.at)
        if at is not None:
            yield Place(at, (evidence.person, evidence.event), number, evidence)
    for mark in finding.story:
        at = moment(mark.at)
        if at is not None:
            yield Place(at, (mark.person, mark.event), 0, None)


def _kept(places: list[Place]) -> list[Place]:
    """Give the first kinds of event a lane each, evidence before all, and one lane to the rest."""
    told = sorted(places, key=lambda place: place.evidence is None)
    keys = list(dict.fromkeys(place.key for place in told))
    if len(keys) <= LANES_SHOWN:
        return places
    kept = set(keys[: LANES_SHOWN - 1])
    return [p if p.key in kept else p._replace(key=_OTHER) for p in places]


def _lanes(
    places: list[Place], switches: Sequence[Switch]
) -> Iterator[tuple[str, str | None, bool]]:
    """Person by person the upload, where it is known of, and then each kind of event."""
    for person in dict.fromkeys(place.key[0] for place in places):
        if any(switch.person == person for switch in switches):
            yield "upload", person, True
        for name in dict.fromkeys(place.key[1] for place in places if place.key[0] == person):
            yield name, person, False


def _scale(
    places: list[Place], switches: Sequence[Switch], span: tuple[str | None, str | None]
) -> Scale:
    """From the first to the last place, with the switches up to then."""
    moments = [place.at for place in places]
    ends = [moment(end) for switch in switches for end in (switch.at, switch.latest)]
    moments += [end for end in ends if end is not None and end <= max(moments)]
    if min(moments) == max(moments):
        moments += [end for end in map(moment, span) if end is not None]
    return Scale(min(moments), max(moments), GUTTER + MARGIN, WIDTH - MARGIN)


def _facts(finding: Finding, places: list[Place]) -> list[tuple[float, str, bool]]:
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
