"""Findings about what an event carries: held against the contracts' own words, event by event."""

from collections.abc import Callable

from auditor.contract import Contract, EventContract, Presence
from auditor.rule import Severity
from auditor.verifying.claims import Claim
from auditor.verifying.recorded import Fact

LIMIT = 80
_MOST_EXTRAS, _NAME, _KEY = 10, 20, 15
_CODED = ("reason", "originalReason", "experimentType", "previousState", "didResetValue")


def _any(shows: Callable[[Fact], bool]) -> Callable[[Claim], bool]:
    return lambda claim: any(shows(fact) for fact in claim.facts if fact.place == "event")


def _by_contract(
    breaks: Callable[[Fact, EventContract | None], bool],
) -> Callable[[Claim], bool | None]:
    """The predicate by the document, and, unless the finding is a note, by the browser as well.

    An event that the document does not have at all is judged by the browser's contract alone.
    """

    def held(claim: Claim) -> bool | None:
        if claim.grounds.contract is None:
            return None
        return any(breaks_in(claim, fact) for fact in claim.facts if fact.place == "event")

    def breaks_in(claim: Claim, fact: Fact) -> bool:
        document = _event(claim.grounds.documented, fact)
        browser = claim.grounds.browser(fact.ping["major"]) or claim.grounds.documented
        by_browser = breaks(fact, _event(browser, fact))
        if claim.severity is Severity.NOTE:
            return breaks(fact, document)
        return by_browser and (document is None or breaks(fact, document))

    return held


def _event(contract: Contract, fact: Fact) -> EventContract | None:
    return contract.event(fact.row["method"], fact.row["object"])


def _presence(fact: Fact, event: EventContract, key: str) -> Presence:
    return event.presence(key, fact.row["reason"] or "", fact.ping["channel"] or "")


def _has_strange_code(fact: Fact, event: EventContract | None) -> bool:
    coded = {key: fact.extras[key] for key in _CODED if key in fact.extras}
    listed = event.extras if event else {}
    return any(not listed[key].allows(code) for key, code in coded.items() if key in listed)


def _has_strange_extra(fact: Fact, event: EventContract | None) -> bool:
    keys = set(fact.row["keys"]) - {"enrollmentId"}
    return event is not None and any(
        _presence(fact, event, key) is Presence.FORBIDDEN for key in keys
    )


def _lacks_extra(fact: Fact, event: EventContract | None) -> bool:
    absent = set(event.extras if event else ()) - {*fact.row["keys"], "enrollmentId"}
    return event is not None and any(
        _presence(fact, event, key) is Presence.REQUIRED for key in absent
    )


def _lacks_id(fact: Fact, event: EventContract | None) -> bool:
    carries = fact.id is not None or fact.row["filler"]
    return not carries and (
        event is None or _presence(fact, event, "enrollmentId") is Presence.REQUIRED
    )


def _has_unexpected_id(fact: Fact, event: EventContract | None) -> bool:
    carries = fact.id is not None or fact.row["filler"]
    return carries and (
        event is None or _presence(fact, event, "enrollmentId") is Presence.FORBIDDEN
    )


def _more_than_the_name(claim: Claim) -> bool:
    return any(
        _has_strange_extra(fact, _event(claim.grounds.documented, fact)) for fact in claim.facts
    )


def _long_name(fact: Fact) -> bool:
    names = (fact.row["method"], fact.row["object"])
    return max(map(_bytes, names)) > _NAME or max(map(_bytes, fact.row["keys"]), default=0) > _KEY


def _bytes(text: str | None) -> int:
    return len((text or "").encode())


PROOFS: dict[str, Callable[[Claim], bool | None]] = {
    "caller_outside_nightly": _any(
        lambda fact: "caller" in fact.row["keys"] and fact.ping["channel"] != "nightly"
    ),
    "code_undocumented": _by_contract(_has_strange_code),
    "enrollment_id_missing": _by_contract(_lacks_id),
    "enrollment_id_unexpected": _by_contract(_has_unexpected_id),
    "event_extra_too_long": _any(
        lambda fact: max(map(_bytes, fact.extras.values()), default=0) > LIMIT
    ),
    "event_extras_too_many": _any(lambda fact: len(fact.row["keys"]) > _MOST_EXTRAS),
    "event_name_too_long": _any(_long_name),
    "event_undocumented": _by_contract(lambda _, event: event is None),
    "event_value_too_long": _any(lambda fact: _bytes(fact.row["value"]) > LIMIT),
    "extra_missing": _by_contract(_lacks_extra),
    "extra_undocumented": _by_contract(_has_strange_extra),
    "preference_change_reports_more_than_the_name": _more_than_the_name,
    "unenroll_failed": _any(
        lambda fact: (
            fact.method == "unenrollFailed"
            and fact.row["reason"] in {"does-not-exist", "already-unenrolled"}
        )
    ),
    "unenroll_reason_unknown": _any(
        lambda fact: fact.method == "unenroll" and fact.row["reason"] == "unknown"
    ),
}
