"""Findings about the records that a client stores of its own enrollments."""

from auditor.verifying.claims import Claim
from auditor.verifying.recorded import Fact


def _kept(claim: Claim) -> bool:
    return any(fact.id and _is_from_before(claim, fact) for fact in claim.facts)


def _is_from_before(claim: Claim, record: Fact) -> bool:
    """Whether the ID stands somewhere before an opt-out that the snapshot comes after."""
    recorded = claim.grounds.recorded
    seen = [use.moment for use in recorded.uses(record.id or "") if use.moment is not None]
    return any(
        off["moment"] is not None
        and (off["latest"] <= record.row["snapshot"] or record.upload_off)
        and any(moment < off["moment"] for moment in seen)
        for off in recorded.opt_outs(record.person)
    )


def _restored(claim: Claim) -> bool:
    return any(
        earlier["filler"] and earlier["snapshot"] < fact.row["snapshot"]
        for fact in claim.facts
        if fact.id
        for earlier in claim.grounds.recorded.rows("records", "slug", [fact.row["slug"]])
        if all(earlier[name] == fact.row[name] for name in ("person", "store"))
    )


def _differs(claim: Claim) -> bool:
    return any(_reported_last(claim, fact) not in {None, fact.id} for fact in claim.facts)


def _reported_last(claim: Claim, record: Fact) -> str | None:
    """The ID that the change's last event before the snapshot carries."""
    named = [
        event.id
        for event in claim.grounds.recorded.of_change(record)
        if event.id and event.row["latest"] <= record.row["snapshot"]
    ]
    return named[-1] if named else None


PROOFS = {
    "enrollment_id_kept_after_opt_out": _kept,
    "enrollment_id_restored_after_opt_out": _restored,
    "nimbus_id_kept_after_opt_out": _kept,
    "stored_id_differs_from_reported": _differs,
}
