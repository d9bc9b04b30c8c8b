"""Waivers: breaches that somebody has answered for, each with a reason, two names and an end.

A waiver covers one finding by its fingerprint, or a scope: a change by its exact slug, stores by a
pattern for their paths, or both. There is none for a version or for a whole rule: such a waiver
would cover what nobody has looked at, and what a browser does by design belongs in a contract.
"""

import hashlib
import re
from datetime import date, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from auditor.failures import UsageError
from auditor.report import Finding, Report, Waived
from auditor.written import Written

LONGEST = timedelta(days=180)
"""How far ahead a waiver may end. A breach that outlives it is looked at again."""

_UUID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


def _names_nobody(text: str) -> str:
    if _UUID.search(text):
        message = "This looks like an identifier, and it would stand in every report"
        raise ValueError(message)
    return text


_Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, strict=True),
    AfterValidator(_names_nobody),
]
"""What somebody writes into a waiver; it is shown in reports."""


class Waiver(BaseModel):
    """One entry `[[waiver]]` of the file."""

    rule: _Text
    fingerprint: str | None = Field(None, pattern=r"^[0-9a-f]{32}$", strict=True)
    change: _Text | None = Field(None, description="The exact slug of a study or rollout.")
    store: _Text | None = Field(None, description="A pattern, as a shell's, for paths of stores.")
    justification: _Text
    owner: _Text
    approver: _Text
    expires: Annotated[date, Field(strict=True)]

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _has_one_reach(self) -> Self:
        if (self.fingerprint is None) == (self.change is None and self.store is None):
            message = "A waiver has either a fingerprint or a scope: a change, a store or both"
            raise ValueError(message)
        return self

    def covers(self, report: Report, rule: str, finding: Finding) -> bool:
        """Whether it is about this finding: with a store, about all of its evidence."""
        if rule != self.rule:
            return False
        if self.fingerprint is not None:
            return finding.fingerprint == self.fingerprint
        stores = {report.stores[place.store].path for place in finding.evidence}
        within = self.store is None or bool(stores)
        within = within and all(fnmatchcase(path, self.store or "*") for path in stores)
        return within and self.change in {None, finding.change}

    def told(self) -> Waived:
        """What a report says of it."""
        return Waived(
            justification=self.justification,
            owner=self.owner,
            approver=self.approver,
            expires=self.expires.isoformat(),
        )


class _File(BaseModel):
    waiver: tuple[Waiver, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid")


class Waivers(NamedTuple):
    """The file's waivers, each with the place at which it stands, and the file's digest."""

    waivers: tuple[tuple[Waiver, str], ...]
    digest: str


def read(path: Path, today: date) -> Waivers:
    """The waivers of a file. Raises UsageError, naming the line, and quoting nothing."""
    source = Written(path, UsageError)
    found = source.holding(_File, source.table()).waiver
    places = [f"{path.name}, line {source.line(('waiver', n))}" for n in range(len(found))]
    for number, waiver in enumerate(found):
        if waiver.expires > today + LONGEST:
            reason = f"it expires more than {LONGEST.days} days after {today}"
            raise source.fault(("waiver", number, "expires"), reason)
    digest = f"sha256:{hashlib.sha256(source.text.encode()).hexdigest()}"
    return Waivers(tuple(zip(found, places, strict=True)), digest)
