"""Histories to compare engine and oracles on: made of few IDs, so that collisions are common.

A history is drawn from one palette: moments that have something to do with each other. The day of
a moment in a palette is the time since the moment before it, and `received` the delay of its ping.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from hypothesis import strategies as st

from auditor.history import (
    FILLER,
    Kind,
    Moment,
    annotate,
    change_preference,
    enroll,
    event,
    fail_to_enroll,
    graduate,
    keep_record,
    opt_in,
    opt_out,
    raw,
    refuse_to_end,
    unenroll,
    update,
)
from auditor.rule import Rule
from tests.oracles.enrollment_ids import UUID
from tests.oracles.lives import SECOND

History = list[Moment]

KINDS: tuple[Kind, ...] = (
    "preference_study",
    "preference_rollout",
    "addon_study",
    "addon_rollout",
    "nimbus_experiment",
)
MALFORMED = tuple(
    map(raw, ("", "null", "undefined", "{e1}", "__NO_ENROLLMENT_ID", "E1", FILLER.lower(), "e1 "))
)
HOUR = 1 / 24


def histories(palettes: list[list[Moment]], *, longest: int = 12) -> st.SearchStrategy[History]:
    """Histories of which each is made of the moments of one palette."""
    steps = [st.lists(st.sampled_from(p), min_size=3, max_size=longest) for p in palettes]
    return st.one_of(steps).map(_dated)


def near_misses(rules: Iterable[Rule]) -> st.SearchStrategy[History]:
    """The rules' own examples with a change or two: both sides of each promise's edge."""
    examples = [list(example) for rule in rules for example in (rule.keeps, rule.breaks)]
    return st.builds(_edited, st.sampled_from(examples), st.lists(_EDITS, max_size=3)).map(_spaced)


def batches(history: st.SearchStrategy[History], size: int) -> st.SearchStrategy[list[History]]:
    """Many histories for one audit, no two of which share a text."""
    return st.lists(history, min_size=size, max_size=size).map(_apart)


def lifecycles() -> list[list[Moment]]:
    """For each kind: two IDs, the filler and nothing, in all that may happen to two changes."""
    lives = [list(_lifecycle(kind, ids)) for kind, ids in product(KINDS, _IDS)]
    return [*lives, *[list(_graduation())] * 8]


def opt_outs() -> list[list[Moment]]:
    """For each kind: opt-outs of both sorts among enrollments, pings and records on disk."""
    return [list(part) for kind in KINDS for part in (_opting_out(kind), _being_out(kind))]


def collisions() -> list[list[Moment]]:
    """IDs that stand where others belong: other changes, other clients, other identifiers."""
    return [list(_colliding(ids)) for ids in (("e1", "e2"), ("e1", "client 1"), *_STRANGE)]


def requests() -> list[list[Moment]]:
    """Deletion requests, of both sorts, among pings of other sorts."""
    return [list(_requesting())]


def _requesting() -> Iterator[Moment]:
    for document_type in ("deletion-request", "glean:deletion-request", None):
        for name in ("e1", None, FILLER):
            yield annotate(name, day=1, document_type=document_type)


_IDS = (("e1",), ("e1", "e2"), ("e1", FILLER), ("e1", "e2", None, FILLER))
_STRANGE = (("user", "session"), ("client 2", "phone"), MALFORMED)


def _lifecycle(kind: Kind, ids: Iterable[str | None]) -> Iterator[Moment]:
    rollback = kind.replace("rollout", "rollback")
    for name, change in product(ids, ("a", "a", "b")):
        about: dict[str, Any] = {"day": 1, "kind": kind, "change": change}
        yield enroll(name, **about)
        yield enroll(name, **about)
        yield update(name, **about)
        yield update(name, **about, extras={"previousState": "graduated"})
        yield update(name, **about, extras={"previousState": "active"})
        yield change_preference(name, **about, session="another session")
        yield unenroll(name, **about, object=rollback)
        yield unenroll(name, **about, object=rollback, reason="unknown")
        yield graduate(name, **about)
        for reason in ("already-unenrolled", "graduated", "does-not-exist", "rollback"):
            yield refuse_to_end(name, **about, object=rollback, reason=reason)
        yield fail_to_enroll(name, **about, reason="upgrade-required")
        yield event("updateFailed", name, **about)
        yield keep_record(name, **about)
        yield keep_record(name, **about, state="expired")


def _graduation() -> Iterator[Moment]:
    yield enroll("e1", day=1, kind="preference_rollout")
    yield graduate("e1", day=1)
    for reason in (*["graduated"] * 7, "already-unenrolled"):
        yield refuse_to_end("e1", day=1, object="preference_rollback", reason=reason)


def _being_out(kind: Kind) -> Iterator[Moment]:
    yield from (opt_out(day=1), opt_out(day=1), opt_in(day=1), opt_in(day=1))
    for name in ("e1", "e1", "e2", FILLER, None):
        yield enroll(name, day=1, kind=kind)
        yield update(name, day=1, kind=kind)
    yield keep_record("e1", day=1, kind=kind)
    yield keep_record("e1", day=1, kind="nimbus_experiment")


def _opting_out(kind: Kind) -> Iterator[Moment]:
    for name in ("e1", "e1", "e1", "e2", FILLER):
        about: dict[str, Any] = {"kind": kind, "change": "study"}
        yield enroll(name, day=1, **about)
        yield enroll(name, day=1, **about, received=61 * SECOND)
        yield update(name, day=1, **about)
        yield update(name, day=1, **about, received=59 * SECOND)
        yield update(name, day=1, **about, received=1 + HOUR)
        yield update(name, day=1, **about, received=1 + 61 * SECOND)
        yield update(name, day=1, **about, received=1 + 59 * SECOND)
        yield unenroll(name, day=1, **about)
        yield annotate(name, day=1, **about)
        yield annotate(name, day=2 * SECOND, **about)
        yield annotate(name, day=4 * SECOND, **about, received=70 * SECOND)
        for days in (1, 0, 2 * SECOND, 4 * SECOND):
            yield keep_record(name, day=days, **about)
    yield from (keep_record("e1", day=0, kind=other) for other in (*KINDS, KINDS[-1]))
    for _ in range(6):
        yield opt_out(day=1)
        yield opt_out(day=1, how="while closed")
        yield opt_in(day=1)


def _colliding(ids: Iterable[str]) -> Iterator[Moment]:
    kinds: tuple[Kind, ...] = ("addon_rollout", "preference_rollout")
    for name, kind, change in product(ids, kinds, ("a", "b")):
        about: dict[str, Any] = {"day": 1, "kind": kind, "change": change}
        yield enroll(name, **about)
        yield update(name, **about)
        yield update(name, **about, client="phone")
        yield unenroll(name, **about)
        yield unenroll(name, **about, client="phone")
        yield annotate(name, **about)
        yield annotate(name, **about, client="tablet", session=None)
        yield keep_record(name, **about)
    yield from _conflicting(ids)
    for _ in range(4):
        yield opt_out(day=1)
        yield opt_in(day=1)


def _conflicting(ids: Iterable[str]) -> Iterator[Moment]:
    """Failed enrollments that name another rollout: `x`, or one that is never seen.

    They do not tell of which kind it is, so no rollout of another kind is called `x`: whose ID
    they name would be ambiguous.
    """
    for name, other in product(ids, ("x", "x", "unseen")):
        about: dict[str, Any] = {"day": 1, "kind": "addon_rollout"}
        conflict = {"conflictingSlug": other}
        yield fail_to_enroll(name, **about, reason="conflict", change="a", extras=conflict)
        yield enroll(name, **about, change="x")
        yield update(name, **about, change="x")
        yield unenroll(name, **about, change="x")


def _dated(steps: list[Moment]) -> History:
    """The steps with days; moments of one instant are records that one snapshot holds."""
    told: History = []
    day = 0.0
    for step in steps:
        together = step.day or (told and told[-1].what == step.what == "record")
        day += step.day if together else 1
        late = step.received
        told.append(replace(step, day=day, received=None if late is None else day + late))
    return told


_NEW = {
    "id": ("e1", "e2", FILLER, None, "client 1", MALFORMED[0]),
    "change": ("study", "a"),
    "client": (None, "phone"),
    "kind": KINDS,
    "method": ("enroll", "update", "unenroll", "graduate", "unenrollFailed"),
}
_ADDED = (
    opt_out(day=0),
    opt_out(day=0, how="while closed"),
    opt_in(day=0),
    enroll("e1", day=0),
    update("e1", day=0),
    unenroll("e1", day=0),
    annotate("e1", day=0),
    keep_record("e1", day=0),
    keep_record(FILLER, day=0),
)
_PLACES = st.integers(0, 5)
_EDITS = st.one_of(
    st.tuples(st.just("drop"), _PLACES, st.none()),
    st.tuples(st.just("repeat"), _PLACES, st.none()),
    st.tuples(st.just("exchange"), _PLACES, st.none()),
    st.tuples(st.just("add"), _PLACES, st.sampled_from(_ADDED)),
    *(st.tuples(st.just(what), _PLACES, st.sampled_from(new)) for what, new in _NEW.items()),
)


def _in_order(history: History) -> History:
    return sorted(history, key=lambda moment: moment.day)


def _edited(example: History, edits: Iterable[tuple[str, int, object]]) -> History:
    """The example after one edit after the other."""
    history = _in_order(example)
    for what, near, new in edits:
        if history:
            history = _edit(history, what, near % len(history), new)
    return history


def _edit(history: History, what: str, place: int, new: object) -> History:
    told, before, after = history[place], history[:place], history[place + 1 :]
    if what == "drop":
        return before + after
    if what == "repeat":
        return [*history, replace(told, day=history[-1].day + 1, received=None)]
    if isinstance(new, Moment):
        return [*before, told, replace(new, day=told.day + 0.5), *after]
    if what == "exchange":
        later = after[:1] or before[:1]
        days = {id(told): later[0].day, id(later[0]): told.day} if later else {}
        return _in_order([replace(m, day=days.get(id(m), m.day)) for m in history])
    if told.what == "switch" or (what == "method" and told.what != "event"):
        return history
    changed: dict[str, Any] = {what: new} | (
        {"object": new} if what == "kind" and told.object else {}
    )
    return [*before, replace(told, **changed), *after]


def _spaced(history: History) -> History:
    """The history with a quarter of an hour at least between what is not one snapshot."""
    told: History = []
    for moment in history:
        last = told[-1] if told else None
        together = last and last.day == moment.day and last.what == moment.what == "record"
        earliest = last.day + (0 if together else HOUR / 4) if last else moment.day
        told.append(replace(moment, day=max(moment.day, earliest)))
    return told


def _apart(batch: list[History]) -> list[History]:
    """The histories with texts of their own, where others would have them too."""
    seen: set[str] = set()
    told = []
    for number, history in enumerate(batch):
        told.append([_own(moment, number, seen) for moment in history])
        seen |= {moment.id for moment in history if isinstance(moment.id, raw)}
    return told


def _own(moment: Moment, number: int, seen: set[str]) -> Moment:
    name = moment.id
    if isinstance(name, raw) and name in seen:
        other = f"{name} of {number}"
        name = other if re.fullmatch(UUID, name) else raw(other)
    return replace(moment, id=name)
