"""The promises about enrollment IDs, as loops over a life."""

import re
from math import inf

from auditor.history import raw
from tests.oracles.lives import EVERYWHERE, OWN, PINGS, Change, Life, Sight, session

CANARY = "c0ffeec0-ffee-c0ff-eec0-ffeec0ffeec0"
GRADUATED = ("graduated", "in-graduation-set")
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def reused_after_end(life: Life) -> bool:
    """An ID is used once more after its change ended.

    By whom does not matter: copies of a profile cannot be told.
    """
    told = [sights for sights in life.enrollments("event") if not _is_reversed(sights)]
    return any(not _only_graduation(uses) for uses in map(_late_uses, told) if uses)


def named_after_graduation(life: Life) -> bool:
    """The only use of an ID after its end is to report that its rollout has graduated."""
    told = [sights for sights in life.enrollments("event") if not _is_reversed(sights)]
    return any(_only_graduation(uses) for uses in map(_late_uses, told) if uses)


def _is_reversed(sights: list[Sight]) -> bool:
    """Whether it began after it had ended, by the clock of two sessions of one client."""
    begun = next((sight for sight in sights if sight.method == "enroll"), None)
    ended = next((sight for sight in sights if sight.ends), None)
    if begun is None or ended is None or begun.day <= ended.day:
        return False
    return session(begun.moment) != session(ended.moment) and begun.client == ended.client


def _late_uses(sights: list[Sight]) -> list[Sight]:
    ended = min((sight.day for sight in sights if sight.ends), default=inf)
    return [s for s in sights if s.day > ended and not _reports_earlier_end(s)]


def _reports_earlier_end(sight: Sight) -> bool:
    return sight.method == "unenrollFailed" and sight.reason == "already-unenrolled"


def _only_graduation(uses: list[Sight]) -> bool:
    return all(use.method == "unenrollFailed" and use.reason in GRADUATED for use in uses)


def shared_between_changes(life: Life) -> bool:
    """One ID names two changes, a conflict with the ID's own change aside."""
    return any(len(_changes_named(sights)) > 1 for sights in life.enrollments(*EVERYWHERE))


def named_by_a_conflict(life: Life) -> bool:
    """One ID names one change, and besides it one that could not begin because of it."""
    return any(
        len(_changes_named(sights)) < 2 and any(sight.conflict for sight in sights)
        for sights in life.enrollments(*EVERYWHERE)
    )


def _changes_named(sights: list[Sight]) -> set[Change]:
    own = {sight.change for sight in sights if not sight.conflict}
    claimed = {sight.conflict for sight in sights if sight.conflict}
    return own | claimed if own else set()


def shared_between_clients(life: Life) -> bool:
    """One ID stands in the pings of two client ids."""
    return any(
        len({sight.client for sight in sights if sight.sent}) > 1
        for sights in life.enrollments(*PINGS)
    )


def changed_mid_change(life: Life) -> bool:
    """A stay that began with one ID goes on with another."""
    for events in life.stays("event"):
        current: str | None = None
        for event in events:
            if event.conflict or event.id is None:
                continue
            if event.method == "enroll":
                current = event.id
            elif current is not None and event.id != current:
                return True
            current = None if event.ends else event.id
    return False


def lost_mid_change(life: Life) -> bool:
    """A stay that had an ID goes on with the filler, though nobody opted out."""
    for sights in life.stays(*PINGS):
        had: float | None = None
        for sight in sights:
            own = sight.person == OWN
            opted_out = own and had is not None and life.opted_out_between(had, sight.day)
            if sight.filler and had is not None and not opted_out:
                return True
            # After an opt-out a session's annotations are as they were before it: no proof.
            stale = sight.moment.what == "annotation" and own
            stale = stale and life.opted_out_between(0, sight.day)
            if sight.id is not None and not sight.conflict and not stale:
                had = sight.day
            if sight.ends:
                had = None
    return False


def malformed(life: Life) -> bool:
    """An ID is neither a UUID nor the filler; in a history, what is not raw is a UUID."""
    texts = [sight.id for sight in life.of(*EVERYWHERE) if isinstance(sight.id, raw)]
    return not all(re.fullmatch(UUID, text) for text in texts)


def derived(life: Life) -> bool:
    """An ID is also another identifier, if only the client id that all carry while off."""
    return any(s.id in {CANARY, *life.identifiers} for s in life.of(*EVERYWHERE))
