"""Which breach a finding is, so that it is known when it is found again: never by what broke it."""

import hmac

from auditor.report import Evidence, Finding, Outcome, Report, Verdict


def telling(finding: Finding) -> Evidence | None:
    """The place that its fingerprint is made of: the first that breaks the promise."""
    breaking = (evidence for evidence in finding.evidence if evidence.breaks)
    return next(breaking, next(iter(finding.evidence), None))


def identity(report: Report, rule: str, finding: Finding) -> tuple[str, ...] | None:
    """What a baseline knows a breach by; None for one without a place, which it cannot know.

    A ping has a document id and never changes. A record on disk has neither: another ID may have
    come to stand where the accepted one stood. So there the bytes of its file are part of it.
    """
    place = telling(finding)
    if place is None:
        return None
    return rule, finding.fingerprint, "" if place.ping else _bytes_of(report, place)


def _bytes_of(report: Report, place: Evidence) -> str:
    """The digest of the file in which a record stands; of the whole store, if it is one file."""
    store = report.stores[place.store]
    digests = (part.digest for part in store.inputs if part.path == place.source)
    return next(digests, store.digest)


def keyed(key: bytes, *parts: str) -> str:
    """A keyed hash of 128 bits, as hexadecimal digits."""
    return hmac.new(key, "\x1f".join(parts).encode(), "sha256").hexdigest()[:32]


def examined(report: Report) -> dict[str, Verdict]:
    """The verdicts reached on all input: only their rules can show that a breach is gone."""
    if report.unreadable:
        return {}
    return {each.rule: each for each in report.verdicts if each.verdict is not Outcome.UNPROVEN}
