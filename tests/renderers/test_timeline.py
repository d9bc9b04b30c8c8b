"""The picture of a finding shows when things happened, and nothing hides anything else."""

from dataclasses import replace
from typing import Any, Literal

import pytest

from auditor.renderers.html import timeline
from auditor.renderers.html.scale import GUTTER, WIDTH, Scale, moment
from auditor.report import Evidence, Finding, Mark, Report, Switch

NOWHERE = (None, None)
PERSON = "person:0a1b2c3d"


def at(second: float) -> str:
    """A time, so many seconds after noon."""
    return f"2026-11-24T12:{int(second // 60):02}:{second % 60:06.3f}Z"


@pytest.fixture
def place(report: Report) -> Evidence:
    """A place of evidence, to be changed."""
    return report.verdicts[1].findings[0].evidence[0]


def finding(report: Report, *evidence: Evidence, **parts: object) -> Finding:
    """A finding with this evidence."""
    return report.verdicts[1].findings[0].model_copy(update={"evidence": evidence, **parts})


def placed(place: Evidence, second: float, event: str = "enroll", **parts: Any) -> Evidence:  # noqa: ANN401 - parts of a place
    """The place at that second."""
    return replace(place, at=at(second), event=event, **parts)


def switch(upload: Literal["off", "on"], second: float | None, latest: float) -> Switch:
    """A switch of the person's upload."""
    first = None if second is None else at(second)
    return Switch(person=PERSON, upload=upload, at=first, latest=at(latest))


def drawn(told: Finding, span: tuple[str | None, str | None] = NOWHERE) -> timeline.Timeline:
    """The picture of the finding, which there is."""
    picture = timeline.draw(told, span)
    assert picture is not None
    return picture


def test_later_is_further_right(report: Report, place: Evidence) -> None:
    """Marks stand in the order of their times, at distances in proportion to them."""
    places = [placed(place, second, event=str(second)) for second in (0, 30, 60)]
    xs = {mark.label: mark.x for mark in drawn(finding(report, *places)).marks}
    assert xs["3"] - xs["2"] == pytest.approx(xs["2"] - xs["1"])


def test_a_lane_for_each_kind_of_event(report: Report, place: Evidence) -> None:
    """Evidence and the rest of the story stand in lanes by person and event."""
    story = (Mark(at=at(5), event="update", person=PERSON),)
    picture = drawn(finding(report, placed(place, 0), placed(place, 9, "graduate"), story=story))
    expected = ["enroll", "update", "graduate"]
    assert expected == [lane.name for lane in picture.lanes]
    more = 1
    assert more == len(picture.dots)


def test_people_are_kept_apart(report: Report, place: Evidence) -> None:
    """The same event of two people stands in two lanes."""
    other = placed(place, 9, person="person:ffffffff")
    picture = drawn(finding(report, placed(place, 0), other))
    expected = [PERSON, "person:ffffffff"]
    assert expected == [lane.person for lane in picture.lanes]


def test_what_lies_together_is_one_mark(report: Report, place: Evidence) -> None:
    """Places that would hide each other are one mark with all their numbers."""
    places = [placed(place, second) for second in (0, 0.001, 0.002, 60)]
    labels = [mark.label for mark in drawn(finding(report, *places)).marks]
    expected = ["1\N{EN DASH}3", "4"]
    assert expected == labels


def test_a_breach_is_never_part_of_another_mark(report: Report, place: Evidence) -> None:
    """What came before and what breaks the promise stay two marks, side by side."""
    places = [placed(place, 0, breaks=False), placed(place, 0.001), placed(place, 60)]
    first, second, _ = drawn(finding(report, *places)).marks
    assert (
        (first.breaks, second.breaks),
        first.x + first.half <= second.x - second.half,
    ) == ((False, True), True)


def test_the_two_facts(report: Report, place: Evidence) -> None:
    """Led up to a caption are what came before and the first breach."""
    places = [
        placed(place, 0, breaks=False, note="before"),
        placed(place, 5, note="breach"),
        placed(place, 9, note="another"),
    ]
    told = [(guide.caption, guide.breaks) for guide in drawn(finding(report, *places)).guides]
    expected = [("before", False), ("breach", True)]
    assert expected == told


def test_an_opt_out_is_a_fact(report: Report, place: Evidence) -> None:
    """Where nothing came before, the breach conflicts with the last opt-out before it."""
    told = finding(report, placed(place, 9, note="breach"), switches=(switch("off", 3, 3),))
    captions = [guide.caption for guide in drawn(told).guides]
    expected = ["upload is turned off", "breach"]
    assert expected == captions


@pytest.mark.parametrize(
    ("switches", "states"),
    [
        pytest.param([], [], id="of whom nothing is known"),
        pytest.param([switch("off", 5, 5)], ["on", "off"], id="who turned it off"),
        pytest.param([switch("off", None, 5)], ["off"], id="whose upload was off from the start"),
        pytest.param(
            [switch("off", 3, 5)], ["on", "unsure", "off"], id="who turned it off at some time"
        ),
        pytest.param(
            [switch("off", 3, 3), switch("on", 6, 6)], ["on", "off", "on"], id="who came back"
        ),
        pytest.param([switch("off", 99, 99)], ["on"], id="who turns it off later"),
    ],
)
def test_upload(switches: list[Switch], states: list[str], report: Report, place: Evidence) -> None:
    """The bands tell from end to end what is known of a person's upload."""
    told = finding(report, placed(place, 0), placed(place, 9), switches=tuple(switches))
    bands = drawn(told).bands
    assert states == [band.state for band in bands]
    if bands:
        assert bands[0].x == GUTTER
        assert pytest.approx(bands[-1].x + bands[-1].width) == WIDTH


def test_an_event_called_upload(report: Report, place: Evidence) -> None:
    """An event is not taken for a switch, whatever a store calls it."""
    told = finding(report, placed(place, 0, "upload"), switches=(switch("off", 0, 0),))
    expected = [True, False]
    assert expected == [lane.is_upload for lane in drawn(told).lanes]


def test_a_single_moment(report: Report, place: Evidence) -> None:
    """A finding of one moment is shown within the time of all stores."""
    scale = drawn(finding(report, placed(place, 30)), (at(0), at(60))).scale
    assert (moment(at(0)), moment(at(60))) == (scale.first, scale.last)


def test_a_single_moment_of_all(report: Report, place: Evidence) -> None:
    """Where there is no other time at all, the moment stands in the middle and is named."""
    picture = drawn(finding(report, placed(place, 30)))
    ((x, name),) = picture.scale.ticks()
    assert (picture.marks[0].x, "12:00:30") == (x, name)


@pytest.mark.parametrize("bad", [None, "", "yesterday", "2026-13-01"])
def test_no_time(bad: str | None, report: Report, place: Evidence) -> None:
    """What has no time, or none that can be read, is not drawn."""
    told = finding(report, replace(place, at=bad))
    assert None is timeline.draw(told, NOWHERE)


def test_many_kinds_of_event(report: Report, place: Evidence) -> None:
    """The picture stays a picture: what is left over shares a lane, and evidence does not."""
    story = tuple(Mark(at=at(n), event=f"event {n}", person=PERSON) for n in range(50))
    picture = drawn(finding(report, placed(place, 55), story=story))
    names = [lane.name for lane in picture.lanes]
    assert (len(names), {"enroll", "other events"} <= set(names)) == (timeline.LANES_SHOWN, True)


@pytest.mark.parametrize(
    ("span", "names"),
    [
        pytest.param(0.004, ["12:00:00.000", "12:00:00.001"], id="milliseconds"),
        pytest.param(20, ["12:00:00", "12:00:05"], id="seconds"),
        pytest.param(3600, ["12:00", "12:15"], id="minutes"),
        pytest.param(12 * 3600, ["12:00", "15:00"], id="hours"),
        pytest.param(5 * 86_400, ["25 Nov 2026", "26 Nov 2026"], id="days"),
        pytest.param(4000 * 86_400, ["2029", "2034"], id="years"),
    ],
)
def test_names_of_time(span: float, names: list[str]) -> None:
    """The line of time is named at a few round moments, as finely as its length asks."""
    first = moment(at(0)) or 0.0
    ticks = list(Scale(first, first + span, 0, 100).ticks())
    assert names == [name for _, name in ticks[:2]]
    assert 2 <= len(ticks) <= 6


def test_a_time_without_a_zone() -> None:
    """Such a time is taken for UTC, so that the page is the same wherever it is made."""
    assert moment("2026-11-24T12:00:00Z") == moment("2026-11-24T12:00:00")
