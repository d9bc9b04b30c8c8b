"""From an engine's counts and places to verdicts, findings and evidence."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from auditor import views
from auditor.engines.asking import Breach, Place, RuleCrashError, Tally
from auditor.engines.engine import Engine
from auditor.redaction import Redactor
from auditor.report import (
    Evidence,
    Finding,
    Input,
    Mark,
    Outcome,
    Reason,
    StoreSummary,
    Switch,
    Verdict,
    Witness,
)
from auditor.rule import Rule, Severity
from auditor.stores import Stores, iso

PLACES_SHOWN = 5
"""Places that a finding shows for what breaks the promise. Of what came before, one is shown."""

CRASHED = "the rule could not be run"
"""How the detail of a verdict begins whose rule crashed."""

ELSEWHERE = "Elsewhere"
"""The heading over promises that do not stand in the document."""


@dataclass(frozen=True)
class Bench:
    """Where verdicts are reached: the stores, the engine that knows them, and the redactor.

    `doubles` are the document ids that identify more than a ping, and so are redacted too.
    """

    stores: Stores
    engine: Engine
    pen: Redactor
    doubles: frozenset[str] = frozenset()
    sections: Mapping[str, str] = field(default_factory=dict)
    witnesses: bool = False

    def verdict(self, rule: Rule, tally: Tally) -> Verdict:
        """What the counts say of one rule, with findings where it is broken."""
        if sum(tally.broken):
            breaches = self.engine.breaches(rule, tally)
            findings = in_order(self._finding(rule, breach) for breach in breaches)
            return self._verdict(rule, tally, Outcome.BROKEN, findings=findings)
        reason, detail = self._unproven(rule, tally)
        outcome = Outcome.UNPROVEN if reason else Outcome.HOLDS
        witness = self._witness(rule) if self.witnesses and outcome is Outcome.HOLDS else None
        return self._verdict(rule, tally, outcome, reason=reason, detail=detail, witness=witness)

    def crashed(self, rule: Rule, error: RuleCrashError) -> Verdict:
        """The verdict on a rule that could not be run."""
        detail = f"{CRASHED} ({error})"
        return self._verdict(
            rule, Tally(0, (), 0), Outcome.UNPROVEN, reason=Reason.INCOMPLETE, detail=detail
        )

    def _verdict(  # noqa: PLR0913 - a verdict's own parts
        self,
        rule: Rule,
        tally: Tally,
        outcome: Outcome,
        *,
        reason: Reason | None = None,
        detail: str | None = None,
        findings: tuple[Finding, ...] = (),
        witness: Witness | None = None,
    ) -> Verdict:
        return Verdict(
            rule=rule.name,
            promise=rule.promise,
            clause=rule.clause,
            section=self.sections.get(rule.name, ELSEWHERE),
            explanation=rule.explanation,
            mend=rule.mend,
            severity=rule.severity,
            waivable=rule.waivable,
            verdict=outcome,
            reason=reason,
            detail=detail,
            subjects=tally.subjects,
            broken=sum(tally.broken),
            unclear=tally.unclear,
            findings=findings,
            witness=witness,
        )

    def _unproven(self, rule: Rule, tally: Tally) -> tuple[Reason | None, str | None]:
        """Why the promise is not shown to hold, if it is not."""
        unreadable = sum(len(store.unreadable) for store in self.stores.summaries)
        if not tally.subjects and not unreadable:
            return self._nothing(rule)
        return doubts(rule, tally, unreadable)

    def _nothing(self, rule: Rule) -> tuple[Reason, str]:
        reads = views.load()[rule.examines].reads
        lacking = {*rule.rests_on} - self.stores.recorded
        if lacking or not reads & self.stores.recorded:
            what = ", ".join(sorted(lacking or reads))
            return Reason.NOT_RECORDED, f"these stores do not record {what}"
        majors = self.stores.tables.different("pings", "major")
        span = rule.versions
        if span and majors and not any(span.first <= major <= span.last for major in majors):
            seen = ", ".join(f"Firefox {major}" for major in majors)
            which = f"only versions {span.first} to {span.last} have {span.what}"
            return Reason.OUT_OF_SCOPE, f"{which}, and these stores are of {seen}"
        return Reason.NOTHING_TO_EXAMINE, f"the stores hold no {rule.about}"

    def _finding(self, rule: Rule, breach: Breach) -> Finding:
        way = rule.lesser[breach.way - 1] if breach.way else rule
        shown = list(_shown(breach))
        told = way.severity is not Severity.NOTE
        others = [place for place in breach.places if place not in shown] if told else []
        people = sorted({place.person for place in shown if place.person}) if told else []
        change = breach.subject.get("change")
        return Finding(
            fingerprint=fingerprint_of(rule, breach),
            severity=way.severity,
            message=self.pen.sentence(way.says, breach.subject),
            change=None if change is None else self.pen.plain(str(change)),
            evidence=tuple(self._evidence(place, breach) for place in shown),
            story=tuple(self._mark(place) for place in others if place.moment is not None),
            switches=tuple(self._switch(row) for name in people for row in self._of_person[name]),
        )

    def _witness(self, rule: Rule) -> Witness | None:
        """One subject that kept the promise, by what the rule's sentence would say of it."""
        kept = self.engine.witness(rule)
        if kept is None:
            return None
        named = dict.fromkeys(re.findall(r"\{(\w+)\}", rule.says))
        about = [name for name in named if kept.subject[name] not in (None, "")]
        template = ", ".join(f"{name.replace('_', ' ')} {{{name}}}" for name in about)
        # What its places show is told of those who break the promise.
        places = [replace(place, notes=()) for place in kept.places[:PLACES_SHOWN]]
        return Witness(
            message=self.pen.sentence(template, kept.subject),
            evidence=tuple(self._evidence(place, kept) for place in places),
        )

    def _evidence(self, place: Place, breach: Breach) -> Evidence:
        ping, source = place.ping, place.source
        if ping in self.doubles:
            ping, source = self.pen.plain(ping), self.pen.plain(source)
        return Evidence(
            store=place.store,
            ping=ping,
            source=source,
            position=place.position,
            at=None if place.moment is None else iso(place.moment),
            event=self.pen.plain(place.event),
            person=self._person(place.person),
            note="; ".join(place.notes),
            breaks=any(note != _before(breach) for note in place.notes),
        )

    def _mark(self, place: Place) -> Mark:
        at, event = iso(place.moment or 0), self.pen.plain(place.event)
        return Mark(at=at, event=event, person=self._person(place.person))

    def _switch(self, row: Mapping[str, Any]) -> Switch:
        return Switch(
            person=self.pen.token("person", row["person"]),
            upload=row["upload"],
            at=None if row["moment"] is None else iso(row["moment"]),
            latest=iso(row["latest"]),
        )

    def _person(self, name: str | None) -> str | None:
        return None if name is None else self.pen.token("person", name)

    @cached_property
    def _of_person(self) -> defaultdict[str, list[dict[str, Any]]]:
        """The switches of each person."""
        found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.stores.tables["switches"].to_pylist():
            found[row["person"]].append(row)
        return found

    def summaries(self) -> tuple[StoreSummary, ...]:
        """What was read of each store, its inputs by names that identify no person."""
        pings = self.stores.tables.different("pings", "ping")
        shown = frozenset(pings) - self.doubles
        return tuple(
            summary.model_copy(
                update={
                    "inputs": tuple(
                        Input(path=self.pen.name(part.path, shown), digest=part.digest)
                        for part in summary.inputs
                    ),
                    "ignored": tuple(self.pen.name(path, shown) for path in summary.ignored),
                }
            )
            for summary in self.stores.summaries
        )


def doubts(rule: Rule, tally: Tally, unreadable: int) -> tuple[Reason | None, str | None]:
    """Why the promise is not shown to hold of what could be examined, if it is not.

    `unreadable` is how many inputs could not be read.
    """
    if tally.unclear and rule.unclear:
        told = f"{rule.unclear.innocent}; or {rule.unclear.guilty}"
        return Reason.AMBIGUOUS, f"{tally.unclear} of {tally.subjects} {rule.about}: {told}"
    if unreadable:
        kept = f"kept for the {tally.subjects} {rule.about} that could be read"
        none = f"no {rule.about} in what could be read"
        missing = f"{unreadable} input{'s' * (unreadable > 1)} could not be read"
        return Reason.INCOMPLETE, f"{kept if tally.subjects else none}, but {missing}"
    return None, None


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of a rule as a report has them: the gravest first, then the earliest."""
    return tuple(sorted(findings, key=_gravest_first))


def _shown(breach: Breach) -> Iterator[Place]:
    """The places that show something, the first few for each thing that they show."""
    shown: Counter[str] = Counter()
    for place in breach.places:
        if any(
            shown[note] < (1 if note == _before(breach) else PLACES_SHOWN) for note in place.notes
        ):
            shown.update(place.notes)
            yield place


def _before(breach: Breach) -> str | None:
    """What a rule shows of the time before the breach: the first of several things it shows."""
    return breach.notes[0] if len(breach.notes) > 1 else None


def fingerprint_of(rule: Rule, breach: Breach) -> str:
    """The same for the same breach in later audits: made of the rule and of where it shows first.

    Never of the identifier or the text that broke it: those could be guessed and compared.
    """
    last = breach.notes[-1]
    telling = [place for place in breach.places if last in place.notes] or breach.places
    first = telling[0] if telling else Place(0, None, None, "", None, None, "", ())
    place = first.ping or first.source
    parts = (
        rule.name,
        str(breach.way),
        place,
        str(first.position),
        str(breach.subject.get("change")),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _gravest_first(finding: Finding) -> tuple[int, str, str, str]:
    first = finding.evidence[0].at if finding.evidence else None
    return -finding.severity.rank, first or "", finding.fingerprint, finding.message
