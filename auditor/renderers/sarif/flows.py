"""What happened to whom, in its order, as SARIF's code flows: a thread for each person."""

import heapq
from collections.abc import Iterator
from typing import NamedTuple

from auditor.renderers import visible
from auditor.renderers.sarif.places import Json, Places, told
from auditor.report import Finding

STEPS = 1_000
"""Steps of a result: GitHub takes up to 10,000, and stores no more than these."""


class _Step(NamedTuple):
    at: str
    person: str | None
    importance: str
    place: Json


def flow(finding: Finding, places: Places) -> Json:
    """The evidence of a finding between what else is known of its subject and of upload."""
    threads: dict[str | None, list[Json]] = {}
    lists = (_evidence(finding, places), _story(finding, places), _switches(finding, places))
    # Evidence and story are in their true order, which the times, exact to a minute, need not be.
    for number, step in enumerate(heapq.merge(*lists, key=lambda step: step.at)):
        if number < STEPS:
            threads.setdefault(step.person, []).append(_written(step))
    return {"threadFlows": [_thread(person, steps) for person, steps in threads.items()]}


def _thread(person: str | None, steps: list[Json]) -> Json:
    return ({} if person is None else {"id": visible(person)}) | {"locations": steps}


def _written(step: _Step) -> Json:
    time = {"executionTimeUtc": visible(step.at)} if step.at else {}
    return {"location": step.place, "importance": step.importance} | time


def _evidence(finding: Finding, places: Places) -> Iterator[_Step]:
    for part in finding.evidence:
        importance = "essential" if part.breaks else "important"
        yield _Step(part.at or "", part.person, importance, places.of(part))


def _story(finding: Finding, places: Places) -> Iterator[_Step]:
    for part in finding.story:
        yield _mark(part.at, part.person, part.event, finding, places)


def _switches(finding: Finding, places: Places) -> Iterator[_Step]:
    for part in finding.switches:
        what = f"upload is turned {part.upload}"
        yield _mark(part.at or part.latest, part.person, what, finding, places)


def _mark(at: str, person: str | None, what: str, finding: Finding, places: Places) -> _Step:
    """Something of which no more is told than when, and in which store its person's evidence is."""
    stores = [part.store for part in finding.evidence if part.person == person]
    others = [part.store for part in finding.evidence]
    place = places.store((stores or others or [0])[0])
    return _Step(at, person, "unimportant", place | {"message": told(what)})
