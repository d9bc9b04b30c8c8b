"""Two reports compared: what is new, what is still broken, what is fixed, and what nobody can tell.

A finding that is not found again is *fixed* only where it would have shown: its rule was judged on
all input, and the evidence was read again. A ping never changes, so its evidence was read again
when a file with the same bytes was read, or one that its document id names, or when the new report
tells of that ping. A record on disk changes in place, so the file of its name in a store is enough.
Everything else is *no longer observable*: a recording made afresh holds other pings, and what it
does not hold it does not clear.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from auditor.report import Evidence, ExitCode, Finding, Outcome, Report
from auditor.rule import Severity

State = Literal["new", "still-broken", "fixed", "no-longer-observable"]

_LINE = re.compile(r":\d+$")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Part):
    """One finding of either report, and what became of it."""

    state: State
    rule: str
    fingerprint: str
    severity: Severity
    disposition: Literal["new", "baseline", "waived"]
    message: str
    why: str | None = Field(description="Why it is not observable, or new although it was there.")


class Comparison(_Part):
    """What became of every finding, in the order of the states and gravest first."""

    changes: tuple[Change, ...]
    complete: ExitCode = Field(exclude=True, description="What the new audit itself amounted to.")

    def exit_code(self, fail_on: Severity | None) -> ExitCode:
        """Broken when something new is grave enough; what NEW could not see comes before it.

        A new finding that a baseline or a waiver excuses fails no more here than in an audit.
        """
        if self.complete is ExitCode.INCOMPLETE:
            return ExitCode.INCOMPLETE
        if fail_on is not None and any(
            change.state == "new"
            and change.disposition == "new"
            and change.severity.rank >= fail_on.rank
            for change in self.changes
        ):
            return ExitCode.BROKEN
        return self.complete


def compare(old: Report, new: Report) -> Comparison:
    """Say of every finding of both reports what became of it."""
    before, after = _by_breach(old), _by_breach(new)
    sight = _Sight(old, new)
    changes = []
    for breach in before.keys() | after.keys():
        was, now = before[breach], after[breach]
        # A fingerprint that is there several times is counted: which is which does not matter.
        changes += [_again(breach[0], *pair) for pair in zip(was, now, strict=False)]
        changes += [_change("new", breach[0], one) for one in now[len(was) :]]
        changes += [sight.gone(breach[0], one) for one in was[len(now) :]]
    return Comparison(
        changes=tuple(sorted(changes, key=_in_order)), complete=new.exit_code(fail_on=None)
    )


@dataclass(frozen=True)
class _Sight:
    """What the new audit could see of the old one's evidence."""

    old: Report
    new: Report

    def gone(self, rule: str, finding: Finding) -> Change:
        """What to say of a finding that is not there any more."""
        why = self._unseen(rule, finding)
        return _change("no-longer-observable" if why else "fixed", rule, finding, why)

    def _unseen(self, rule: str, finding: Finding) -> str | None:
        verdict = next((each for each in self.new.verdicts if each.rule == rule), None)
        if verdict is None:
            return "the rule was not held against the new stores"
        if self.new.unreadable:
            return "an input of the new audit could not be read"
        if verdict.verdict is Outcome.UNPROVEN:
            return f"the rule is unproven now: {verdict.reason or 'no reason given'}"
        if not finding.evidence or not all(map(self._seen, finding.evidence)):
            return "not all of its evidence is in the new stores"
        return None

    def _seen(self, place: Evidence) -> bool:
        file = _LINE.sub("", place.source)
        if place.ping is None:
            return file in self._paths
        was = {part.digest for part in self.old.stores[place.store].inputs if part.path == file}
        named = any(place.ping in path for path in self._paths)
        return named or place.ping in self._told or bool(was & self._digests)

    @cached_property
    def _paths(self) -> set[str]:
        return {part.path for store in self.new.stores for part in store.inputs}

    @cached_property
    def _digests(self) -> set[str]:
        return {part.digest for store in self.new.stores for part in store.inputs}

    @cached_property
    def _told(self) -> set[str | None]:
        return {
            place.ping
            for verdict in self.new.verdicts
            for finding in verdict.findings
            for place in finding.evidence
        }


def _by_breach(report: Report) -> defaultdict[tuple[str, str], list[Finding]]:
    found: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for verdict in report.verdicts:
        for finding in sorted(verdict.findings, key=lambda finding: -finding.severity.rank):
            found[verdict.rule, finding.fingerprint].append(finding)
    return found


def _again(rule: str, was: Finding, now: Finding) -> Change:
    if now.severity.rank > was.severity.rank:
        return _change("new", rule, now, f"it was {was.severity} before")
    return _change("still-broken", rule, now)


def _change(state: State, rule: str, finding: Finding, why: str | None = None) -> Change:
    return Change(
        state=state,
        rule=rule,
        fingerprint=finding.fingerprint,
        severity=finding.severity,
        disposition=finding.disposition,
        message=finding.message,
        why=why,
    )


ORDER: tuple[State, ...] = ("new", "still-broken", "no-longer-observable", "fixed")


def _in_order(change: Change) -> tuple[int, int, str, str, str]:
    key = (change.rule, change.fingerprint, change.message)
    return ORDER.index(change.state), -change.severity.rank, *key
