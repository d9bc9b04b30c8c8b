"""The report: what was audited, a verdict for each rule, and the evidence for each finding."""

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum, StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.dataclasses import dataclass

from auditor.rule import Severity

SCHEMA_VERSION = 1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_CLOSED = ConfigDict(extra="forbid")
"""For parts of which there are very many: slotted, one takes a fraction of the room of a model."""


class Outcome(StrEnum):
    """What a rule found: the promise kept, broken, or neither shown."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNPROVEN = "unproven"


class Reason(StrEnum):
    """Why a promise is unproven."""

    NOTHING_TO_EXAMINE = "nothing-to-examine"
    NOT_RECORDED = "not-recorded"
    AMBIGUOUS = "ambiguous"
    OUT_OF_SCOPE = "out-of-scope"
    INCOMPLETE = "incomplete"


class Unreadable(_Part):
    """An input that could not be read, and why: never with what stood in it."""

    path: str
    reason: str


class Input(_Part):
    """One file that was read."""

    path: str = Field(description="Seen from the store.")
    digest: str = Field(description="`sha256:…` of its bytes.")


class StoreSummary(_Part):
    """What was read of one store. Times are ISO 8601 in UTC, of the pings' creation."""

    path: str
    kind: str
    digest: str = Field(description="sha256 over names and digests of the inputs, in their order.")
    pings: int
    events: int
    records: int = Field(description="Enrollments as the client itself stores them.")
    first: str | None
    last: str | None
    unreadable: tuple[Unreadable, ...]
    inputs: tuple[Input, ...]
    ignored: tuple[str, ...] = Field(
        default=(), description="Files among the store's own that hold no telemetry, left out."
    )


@dataclass(frozen=True, slots=True, config=_CLOSED)
class Evidence:
    """One place in the store, and what it shows."""

    store: Annotated[int, Field(description="The index of the store among those of the report.")]
    ping: Annotated[
        str | None, Field(description="The ping's document id; null for a record on disk.")
    ]
    source: Annotated[str, Field(description="Where it was found, seen from the store.")]
    position: Annotated[int | None, Field(description="The event's index in its process's list.")]
    at: Annotated[
        str | None, Field(description="When, in UTC; an event's time is exact to a minute.")
    ]
    event: Annotated[str, Field(description="Method and object, or what else stands there.")]
    person: Annotated[str | None, Field(description="A token of whom it tells: `person:1f0c22ab`.")]
    note: str
    breaks: Annotated[
        bool, Field(description="Whether it breaks the promise, or tells what came before.")
    ]


@dataclass(frozen=True, slots=True, config=_CLOSED)
class Mark:
    """One more place of a finding's subject, which is no evidence but belongs to its story."""

    at: str
    event: str
    person: str | None


@dataclass(frozen=True, slots=True, config=_CLOSED)
class Switch:
    """A person's upload goes off or on: not before `at`, and at `latest` at the latest."""

    person: str
    upload: Literal["off", "on"]
    at: Annotated[
        str | None, Field(description="Null when it was off before anything was recorded.")
    ]
    latest: str


class Waived(_Part):
    """Who took it on themselves that a finding fails no audit, why, and until when."""

    justification: str
    owner: str
    approver: str
    expires: str = Field(description="The last day on which it counts: `2027-03-31`.")


class Finding(_Part):
    """One subject that broke the promise."""

    fingerprint: str
    severity: Severity
    message: str
    disposition: Literal["new", "baseline", "waived"] = "new"
    waiver: Waived | None = Field(default=None, description="Where the finding is waived.")
    change: str | None = Field(
        default=None, description="The slug of the study or rollout, where it is about one."
    )
    evidence: tuple[Evidence, ...]
    story: tuple[Mark, ...] = Field(
        default=(), description="Other places of the subject, in their order: the first of them."
    )
    switches: tuple[Switch, ...] = Field(
        default=(), description="When those of whom the evidence tells had upload off and on."
    )


class Witness(_Part):
    """One subject that put a promise to the test, and kept it."""

    message: str
    evidence: tuple[Evidence, ...]


class Selftest(_Part):
    """What a rule made of histories that were planted: so many break it, as many nearly do."""

    planted: int = Field(description="Histories that break the promise.")
    found: int
    missed: int
    spurious: int = Field(description="Histories that keep the promise, and were accused.")


class Verdict(_Part):
    """What the audit says of one promise."""

    rule: str
    promise: str
    clause: str
    section: str = Field(description="The heading of the document under which the promise stands.")
    explanation: str = Field(description="Why it matters, and what the rule cannot see or tell.")
    mend: str = Field(description="What to do about a breach.")
    severity: Severity
    waivable: bool = Field(default=True, description="Whether a baseline or a waiver can hold.")
    verdict: Outcome
    reason: Reason | None = None
    detail: str | None = Field(default=None, description="The reason, or the extent, in words.")
    subjects: int
    broken: int
    unclear: int = Field(default=0, description="Subjects with an innocent and a guilty reading.")
    findings: tuple[Finding, ...] = ()
    witness: Witness | None = Field(default=None, description="Where it was asked for.")
    selftest: Selftest | None = Field(default=None, description="Where it was asked for.")


class GateFinding(_Part):
    """Something wrong with what should excuse findings: a waiver, or an entry of the baseline."""

    kind: Literal[
        "expired-waiver", "unused-waiver", "unknown-rule", "not-waivable", "stale-baseline"
    ]
    severity: Severity
    rule: str
    place: str = Field(description="The file's name, and the line: `waivers.toml, line 12`.")
    message: str


class Gate(_Part):
    """What was held to excuse findings, and what is wrong with it."""

    today: str | None = Field(
        description="The day by which waivers were judged, if there were any."
    )
    baseline: str | None = Field(description="`sha256:…` of the baseline's bytes.")
    waivers: str | None = Field(description="`sha256:…` of the bytes of the waivers' file.")
    findings: tuple[GateFinding, ...] = ()


class Shard(_Part):
    """Which part of an audit a report is of, and what tells whether it belongs to another's."""

    number: int = Field(description="From 1.")
    of: int = Field(description="How many shards there are.")
    key: str = Field(description="A digest of the token key, the same in all shards of an audit.")
    people: int = Field(description="Of how many this shard judges what is theirs alone.")
    everybody: int = Field(description="How many there are in the stores.")


class ExitCode(IntEnum):
    """What an audit tells the shell."""

    KEPT = 0
    BROKEN = 1
    USAGE = 2
    NOTHING_AUDITED = 3
    INCOMPLETE = 4


class Report(_Part):
    """A whole audit. The same input gives the same report, byte for byte."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    auditor: str
    versions: Mapping[str, str] = Field(description="Of what read and examined the stores.")
    rules_digest: str
    contract: str
    contract_digest: str
    options: Mapping[str, str | float | tuple[str, ...] | None] = Field(
        default={}, description="What the audit was asked for; files by their sha256."
    )
    stores: tuple[StoreSummary, ...]
    verdicts: tuple[Verdict, ...]
    gate: Gate | None = Field(default=None, description="Where a baseline or waivers were given.")
    shard: Shard | None = Field(
        default=None, description="Of a report that tells of some people only."
    )

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True
    )

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Every input that could not be read, over all stores."""
        return tuple(part for store in self.stores for part in store.unreadable)

    @property
    def audited(self) -> bool:
        """Whether any telemetry at all was examined."""
        return any(store.pings or store.records for store in self.stores)

    def exit_code(
        self, fail_on: Severity | None = Severity.LOW, require: Iterable[str] = ()
    ) -> ExitCode:
        """The exit code: incomplete before broken before nothing audited (design, 5)."""
        if self.unreadable or any(v.reason is Reason.INCOMPLETE for v in self.verdicts):
            return ExitCode.INCOMPLETE
        if fail_on is not None and any(s.rank >= fail_on.rank for s in self._counting()):
            return ExitCode.BROKEN
        required = set(require)
        unproven = {v.rule for v in self.verdicts if v.verdict is Outcome.UNPROVEN}
        if not self.audited or required & unproven:
            return ExitCode.NOTHING_AUDITED
        return ExitCode.KEPT

    def _counting(self) -> Iterator[Severity]:
        """The severity of each finding that nothing excuses, and of those about the gate itself."""
        for verdict in self.verdicts:
            yield from (part.severity for part in verdict.findings if part.disposition == "new")
        yield from (part.severity for part in (self.gate.findings if self.gate else ()))
