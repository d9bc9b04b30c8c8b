"""A finding as a claim: what it says, and the places that were found again for its evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from auditor.contract import Contract, contract_for_version, load_contract
from auditor.rule import Severity
from auditor.verifying.recorded import Fact, Recorded


@dataclass(frozen=True)
class Grounds:
    """What every claim of a report is held against.

    `contract` is the browser's that the audit was told, `auto` for that of each version, or None
    when it stood in a file of the user's own. `grace` is in milliseconds.
    """

    recorded: Recorded
    contract: str | None
    grace: int

    @property
    def documented(self) -> Contract:
        """The document's contract."""
        return _loaded("documented")

    def browser(self, major: int | None) -> Contract | None:
        """The contract of a browser; None when there is none for its version."""
        name = _covering(major) if self.contract == "auto" else self.contract
        return None if name is None else _loaded(name)


@dataclass(frozen=True)
class Claim:
    """One finding of one rule, and what stands in the places of its evidence."""

    rule: str
    severity: Severity
    facts: tuple[Fact, ...]
    grounds: Grounds

    def by_id(self) -> Iterator["Claim"]:
        """The claim for each enrollment ID that stands in its facts, on the facts of that ID."""
        for enrollment in sorted({fact.id for fact in self.facts if fact.id}):
            yield Claim(
                self.rule,
                self.severity,
                tuple(fact for fact in self.facts if fact.id == enrollment),
                self.grounds,
            )


@cache
def _covering(major: int | None) -> str | None:
    return None if major is None else contract_for_version(major)


@cache
def _loaded(name: str) -> Contract:
    return load_contract(name)
