"""Findings about a free text in an event: its length, its look, and a preference value in it."""

import base64
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

from auditor.verifying.claims import Claim
from auditor.verifying.proofs.shapes import LIMIT
from auditor.verifying.recorded import Fact

_NO_TEXTS = {"enrollmentId", "didResetValue"}
_MOST_CUT_OFF = 3
_POSITION = re.compile(
    r"(?:(?:resource|chrome|moz-src|moz-extension)://\S*|undefined)"
    r"(?::(?:\d+|undefined)){1,2} \w*",
    re.ASCII,
)
_CUT_POSITION = re.compile(r"(?:resource|chrome|moz-src|moz-extension)://\S*")
_NO_NAME = re.compile(r"[=\s\"'<>\\]|://|^/|^[A-Za-z]:/|^[{\[]|\{.*:.*\}")
_PERSONAL = re.compile(
    r"(?:^|[^A-Za-z])[A-Za-z]:[/\\]|[/\\](?:home|Users|root|Profiles)[/\\]|file:|~/"
    r"|[^ @]@[^ @]+\.[A-Za-z]{2}|(?:^|[^0-9.])\d{1,3}(?:\.\d{1,3}){3}(?:$|[^0-9.])"
    r"|(?:[0-9a-fA-F]{1,4}:){4}|(?:https?|wss?|ftp|data|blob|about):"
    r"|^[^ ]+ [^ ]+ [^ ]|[A-Za-z]: ",
    re.ASCII,
)
_CUT = 8


def _texts(fact: Fact, *keys: str) -> Iterator[str]:
    """The texts of an event that stand in its value or its extras, or in those extras only."""
    if not keys and fact.row["value"] is not None:
        yield fact.row["value"]
    for key, text in fact.extras.items():
        if key in keys or (not keys and key not in _NO_TEXTS):
            yield text


def _any(shows: Callable[[str], bool], *keys: str) -> Callable[[Claim], bool]:
    return lambda claim: any(
        shows(text) for fact in claim.facts if fact.place == "event" for text in _texts(fact, *keys)
    )


def _reason(shows: Callable[[str], bool]) -> Callable[[Claim], bool | None]:
    """The predicate over a reason that no contract lists for the event."""

    def held(claim: Claim) -> bool | None:
        if claim.grounds.contract is None:
            return None
        return any(
            shows(text) and not _is_code(claim, fact, text)
            for fact in claim.facts
            for text in _texts(fact, "reason")
        )

    return held


def _is_code(claim: Claim, fact: Fact, text: str) -> bool:
    grounds = claim.grounds
    contracts = (grounds.documented, grounds.browser(fact.ping["major"]))
    events = [c.event(fact.row["method"], fact.row["object"]) for c in contracts if c]
    return any(text in (*e.reason.codes, *e.reason.former_codes) for e in events if e)


def _is_cut(text: str) -> bool:
    return len(text.encode()) >= LIMIT - _MOST_CUT_OFF


def _is_position(text: str) -> bool:
    whole = _POSITION.fullmatch(text) is not None
    return whole or (_is_cut(text) and _CUT_POSITION.fullmatch(text) is not None)


def _value_reported(claim: Claim) -> bool:
    """Whether a preference value stands in a text: as it is, as name=value, coded or cut."""
    asked = claim.grounds.recorded.preference_values
    return any(
        _holds(text, row["preference"], row["value"])
        for fact in claim.facts
        for text in _texts(fact)
        for row in asked
        if row["value"]
    )


def _holds(text: str, name: str, value: str) -> bool:
    low, cut = text.lower(), value.encode()[:LIMIT].decode(errors="ignore").lower()
    assigned = (f"{name}{sign}{value}"[:LIMIT].lower() for sign in ("=", ":", ": ", " = "))
    ends = _is_cut(text) and any(low.endswith(cut[:n]) for n in range(_CUT, len(cut)))
    forms = (quote(value, safe=""), value.encode().hex(), *_in_base64(value))
    return (
        cut in low
        or ends
        or any(form in low for form in assigned)
        or any(form[:LIMIT].lower() in low for form in forms if len(form) >= _CUT)
    )


def _in_base64(value: str) -> Iterator[str]:
    """Those of its characters in base64 that do not depend on what stands beside it."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + value.encode()).decode().rstrip("=")
        yield coded[2 * before : len(coded) - 1]


PROOFS: dict[str, Callable[[Claim], bool | None]] = {
    "addon_study_failed": _reason(lambda _: True),
    "failure_reason_in_unknown_form": _reason(lambda text: not _is_position(text)),
    "failure_reason_names_a_person": _reason(lambda text: _PERSONAL.search(text) is not None),
    "preference_branch_too_long": _any(
        lambda text: len(text) > LIMIT, "prefBranch", "preferenceBranch"
    ),
    "preference_name_is_not_a_name": _any(
        lambda text: _NO_NAME.search(text) is not None, "preferenceName", "preference"
    ),
    "preference_value_reported": _value_reported,
    "truncated_inside_a_character": _any(lambda text: _is_cut(text) and text.endswith("\ufffd")),
}
