"""Where the findings of one report are verified, one by one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from auditor.redaction import Redactor
from auditor.report import Evidence, Finding, Report, Verdict
from auditor.stores import Stores, iso
from auditor.verifying.claims import Claim, Grounds
from auditor.verifying.proofs import proofs
from auditor.verifying.recorded import Fact, Recorded

_TOKEN = re.compile(r"\benrollment:[0-9a-f]{8}\b")


class Standing(StrEnum):
    """What became of a finding."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    NOT_REDERIVED = "not re-derived"


@dataclass(frozen=True)
class Verified:
    """One finding, what became of it, and why it was not confirmed."""

    rule: str
    fingerprint: str
    standing: Standing
    why: str = ""


class Desk:
    """One report on the desk, and the stores that it is held against."""

    def __init__(self, report: Report, stores: Stores, key: bytes | None) -> None:
        """Look up all evidence, and see whether the key is that of the report's tokens."""
        places = [
            part for v in report.verdicts for finding in v.findings for part in finding.evidence
        ]
        recorded = Recorded(stores)
        self.pen = Redactor(key or stores.key, recorded.secrets)
        # The document ids that were redacted, for being another identifier as well.
        self.redacted = {self.pen.plain(ping): ping for ping in recorded.doubles}
        pings = {self.redacted.get(part.ping, part.ping) for part in places if part.ping}
        self.grounds = _grounds(report, Recorded(stores, pings))
        # Of another key no token can be compared: that nothing fits it is no proof of anything.
        self.keyed = any(
            self._person(fact) == part.person
            for part in places
            if part.person
            for fact in self._standing(part)
        )

    def verified(self, verdict: Verdict, finding: Finding) -> Verified:
        """What becomes of one finding."""
        standing, why = self._judged(verdict, finding)
        return Verified(verdict.rule, finding.fingerprint, standing, why)

    def _judged(self, verdict: Verdict, finding: Finding) -> tuple[Standing, str]:
        found = [(part, self._found(part)) for part in finding.evidence]
        if missing := [part for part, facts in found if not facts]:
            return Standing.REFUTED, f"{_place(missing[0])} does not hold what is said of it"
        proof = proofs().get(verdict.rule)
        if proof is None or not found:
            return Standing.NOT_REDERIVED, "nothing is known of what this rule's evidence shows"
        if not self.keyed:
            return Standing.NOT_REDERIVED, "its tokens are of another key"
        claim = self._claim(verdict, finding, found)
        if not claim.facts:
            return Standing.REFUTED, "its evidence is about another subject than it says"
        return _TOLD[proof(claim)]

    def _claim(
        self, verdict: Verdict, finding: Finding, found: list[tuple[Evidence, list[Fact]]]
    ) -> Claim:
        about = (fact for _, facts in found for fact in self._of_subject(facts, finding.message))
        return Claim(verdict.rule, finding.severity, tuple(about), self.grounds)

    def _of_subject(self, facts: list[Fact], message: str) -> list[Fact]:
        """Of all that stands in a place, what the message is about: by its token, or its name."""
        if tokens := set(_TOKEN.findall(message)):
            return [f for f in facts if f.id and self.pen.token("enrollment", f.id) in tokens]
        named = [fact for fact in facts if self._named(fact) in message]
        return named or facts

    def _named(self, fact: Fact) -> str:
        return f"{fact.row.get('kind')} {self.pen.plain(fact.row.get('slug') or '')}"

    def _found(self, part: Evidence) -> list[Fact]:
        found = self._standing(part)
        return [f for f in found if not self.keyed or self._person(f) == part.person]

    def _standing(self, part: Evidence) -> list[Fact]:
        """What stands in the place, with that event and that time."""
        return [
            fact
            for fact in self._in_place(part)
            if self.pen.plain(fact.event) == part.event
            and part.at in {None if time is None else iso(time) for time in fact.times}
        ]

    def _in_place(self, part: Evidence) -> Iterator[Fact]:
        recorded = self.grounds.recorded
        if part.ping is None:
            facts = recorded.on_disk(part.source)
        else:
            facts = recorded.in_ping(self.redacted.get(part.ping, part.ping))
        for fact in facts:
            row = fact.ping or fact.row
            source = self.pen.plain(row["source"])
            here = row["store_number"] == part.store and part.source in {row["source"], source}
            if here and fact.row.get("position") == part.position:
                yield fact

    def _person(self, fact: Fact) -> str | None:
        return None if fact.person is None else self.pen.token("person", fact.person)


def _grounds(report: Report, recorded: Recorded) -> Grounds:
    contract, grace = report.options.get("contract", "auto"), report.options.get("grace")
    seconds = grace if isinstance(grace, int | float) else 60
    known = None if contract == "a file" else str(contract)
    return Grounds(recorded, known, round(seconds * 1000))


def _place(part: Evidence) -> str:
    position = "" if part.position is None else f" #{part.position}"
    return f"{part.source}{position}"


_TOLD = {
    True: (Standing.CONFIRMED, ""),
    False: (Standing.REFUTED, "the evidence does not show what it says"),
    None: (Standing.NOT_REDERIVED, "the evidence alone does not show it"),
}
