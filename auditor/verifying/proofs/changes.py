"""Findings about one person's stay in a study or rollout: what came first, and what is absent.

That nothing lay between two events no evidence can show: the change's events are looked through.
"""

from collections.abc import Callable

from auditor.verifying.claims import Claim
from auditor.verifying.recorded import Fact

_STUDIES = {"preference_study", "addon_study"}


def _at_a_place(proof: Callable[[Claim, Fact, list[Fact]], bool]) -> Callable[[Claim], bool]:
    """The predicate at one of the places, given the events before it in its change."""

    def at_any(claim: Claim) -> bool:
        return any(
            proof(claim, fact, [e for e in events if _is_before(e, fact)])
            for fact in claim.facts
            for events in [claim.grounds.recorded.of_change(fact)]
            if fact.order is not None
        )

    return at_any


def _is_before(event: Fact, fact: Fact) -> bool:
    return (event.order or 0) < (fact.order or 0)


def _last(events: list[Fact], is_one: Callable[[Fact], bool]) -> int:
    """The order of the last such event, or one before all."""
    return max((event.order or 0 for event in events if is_one(event)), default=-1)


def _ended_again(_: Claim, fact: Fact, before: list[Fact]) -> bool:
    ended = _last(before, lambda event: event.ends)
    return fact.ends and ended >= 0 and ended > _last(before, lambda event: event.starts)


def _enrolled_again(_: Claim, fact: Fact, before: list[Fact]) -> bool:
    enrolled = _last(before, lambda event: event.method == "enroll")
    is_open = _last(before, lambda event: event.ends) < enrolled
    again = fact.method == "enroll" and enrolled >= 0
    return again and (is_open or fact.row["kind"] in _STUDIES)


def _used_before(_: Claim, fact: Fact, before: list[Fact]) -> bool:
    return fact.method != "enroll" and not any(event.method == "enroll" for event in before)


def _renamed(_: Claim, fact: Fact, before: list[Fact]) -> bool:
    named = [event for event in before if event.id and event.method != "enrollFailed"]
    if not (named and fact.id) or fact.method == "enroll":
        return False
    return fact.id != named[-1].id and not named[-1].ends


def _lost(claim: Claim, fact: Fact, before: list[Fact]) -> bool:
    """An ID, then the filler, with no end and no opt-out that can lie between."""
    annotated = (f for f in claim.facts if f.place == "annotation" and _is_before(f, fact))
    named = [event for event in (*before, *annotated) if event.id]
    if not (named and fact.row["filler"]):
        return False
    last = max(named, key=lambda event: event.order or 0)
    since = last.row.get("earliest") or last.row.get("latest") or last.created or 0
    until = fact.row.get("latest") or fact.created or 0
    opted_out = any(
        (off["moment"] or 0) <= until and off["latest"] >= since
        for off in claim.grounds.recorded.opt_outs(fact.person)
    )
    return not opted_out and _last(before, lambda event: event.ends) < (last.order or 0)


def _without_id(claim: Claim) -> bool:
    return any(
        fact.method == "enroll" and fact.upload_off and fact.id is None for fact in claim.facts
    )


PROOFS: dict[str, Callable[[Claim], bool | None]] = {
    "change_ended_twice": _at_a_place(_ended_again),
    "change_enrolled_twice": _at_a_place(_enrolled_again),
    "change_used_before_enrollment": _at_a_place(_used_before),
    "enrollment_id_changed_mid_change": _at_a_place(_renamed),
    "enrollment_id_lost_mid_change": _at_a_place(_lost),
    "enrollment_while_off_without_id": _without_id,
}
