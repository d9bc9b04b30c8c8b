"""Findings about enrollment IDs: where one stands, and what came before."""

import re
from collections.abc import Callable
from itertools import product

from auditor.rule import Severity
from auditor.verifying.claims import Claim
from auditor.verifying.recorded import Fact, Row

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CANARIES = {"c0ffeec0-ffee-c0ff-eec0-ffeec0ffeec0", "decafdec-afde-cafd-ecaf-decafdecafde"}
_REFUSALS = {"graduated", "in-graduation-set"}
_NAMING = "already-unenrolled"


def _of_one_id(proof: Callable[[Claim], bool | None]) -> Callable[[Claim], bool | None]:
    """The predicate over the facts of one ID: one of those in the evidence must fulfil it."""

    def of_any(claim: Claim) -> bool | None:
        told = [proof(one) for one in claim.by_id()]
        return True if True in told else None if None in told else False

    return of_any


def _derived(claim: Claim) -> bool:
    known = claim.grounds.recorded.identifiers | _CANARIES
    return any((fact.id or "").lower().strip("{}") in known for fact in claim.facts)


def _in_deletion_request(claim: Claim) -> bool:
    return any(
        fact.ping.get("document_type") in {"deletion-request", "glean:deletion-request"}
        for fact in claim.facts
    )


def _malformed(claim: Claim) -> bool:
    return any(not _UUID.fullmatch(fact.id or "") for fact in claim.facts)


def _after_opt_out(claim: Claim, shows: Callable[[Fact, Row], bool]) -> bool | None:
    """Whether a place breaks it after an opt-out that the ID was there before."""
    before = [fact for fact in claim.facts if fact.moment is not None]
    if not before:
        return None
    pairs = product(claim.facts, claim.grounds.recorded.opt_outs(before[0].person))
    return any(
        shows(fact, off)
        for fact, off in pairs
        if off["moment"] is not None and any((f.moment or 0) < off["moment"] for f in before)
    )


def _recorded_after(claim: Claim) -> bool | None:
    return _after_opt_out(
        claim, lambda fact, off: fact.upload_off and (fact.created or 0) > off["moment"]
    )


def _sent_after(claim: Claim) -> bool | None:
    def anew(fact: Fact, off: Row) -> bool:
        client = fact.ping.get("client_id")
        late = (fact.created or 0) > off["moment"]
        return not fact.upload_off and late and client not in {None, off["client_id"]}

    def late(fact: Fact, off: Row) -> bool:
        asked = off["received"] or off["moment"]
        received = fact.ping.get("received") or 0
        told = off["shown_by"] == "deletion request"
        return bool(told and received > asked + claim.grounds.grace)

    return _after_opt_out(claim, lambda fact, off: anew(fact, off) or late(fact, off))


def _reused(claim: Claim) -> bool:
    ends = [fact for fact in claim.facts if fact.ends]
    return any(
        _after(use, end) and _is_use(use, claim.severity)
        for use, end in product(claim.facts, ends)
        if use.place == "event"
    )


def _after(use: Fact, end: Fact) -> bool:
    if use.order is not None and end.order is not None and use.order > end.order:
        return True
    earliest, latest = use.row["earliest"], end.row["latest"]
    return earliest is not None and latest is not None and int(earliest) > int(latest)


def _is_use(fact: Fact, severity: Severity) -> bool:
    """A refusal to end what has graduated is a lesser use, and one of what has ended is none."""
    reason = fact.row["reason"]
    if fact.method != "unenrollFailed":
        return True
    return reason in _REFUSALS if severity is Severity.LOW else reason not in {_NAMING, *_REFUSALS}


def _shared_between_changes(claim: Claim) -> bool:
    named = {(fact.row["kind"], fact.row["slug"]) for fact in claim.facts}
    conflicts = {
        (fact.row["kind"], fact.row["conflicting_slug"])
        for fact in claim.facts
        if fact.method == "enrollFailed" and fact.row["conflicting_slug"]
    }
    return len(named | conflicts) > 1


def _shared_between_clients(claim: Claim) -> bool:
    return len({fact.ping.get("client_id") for fact in claim.facts} - {None}) > 1


def _made_while_off(claim: Claim) -> bool:
    made = [fact for fact in claim.facts if fact.method == "enroll" and fact.upload_off]
    return any(
        (later.created or 0) > (first.created or 0)
        for first, later in product(made, claim.facts)
        if not later.upload_off and later.ping.get("client_id")
    )


PROOFS = {
    rule: _of_one_id(proof)
    for rule, proof in {
        "enrollment_id_derived": _derived,
        "enrollment_id_in_deletion_request": _in_deletion_request,
        "enrollment_id_malformed": _malformed,
        "enrollment_id_recorded_after_opt_out": _recorded_after,
        "enrollment_id_reused_after_end": _reused,
        "enrollment_id_sent_after_opt_out": _sent_after,
        "enrollment_id_shared_between_changes": _shared_between_changes,
        "enrollment_id_shared_between_clients": _shared_between_clients,
        "id_made_while_off_sent_later": _made_while_off,
    }.items()
}
