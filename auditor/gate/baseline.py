"""A baseline: the breaches that were there when somebody looked, by keyed fingerprint and count.

It is a file that lives beside code, so it holds no identifier, no document id and no fingerprint
of a report: each entry's fingerprint is a keyed hash. The key is made of the file's own salt and,
where one is given, of the token key. The salt is derived from the stores of the first report: the
same report gives the same file, and the files of two projects cannot be joined. Without a token
key, who holds the file and a report can tell which of that report's findings are in it, as an audit
does; with one, only who holds the key can. What is hashed holds 122 random bits of a document id,
or the digest of a file: without a report or the stores it cannot be guessed.

A count is how often a breach was there. One more than that is new, and so is a graver one.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from auditor.failures import UsageError
from auditor.gate.identity import identity, keyed
from auditor.report import Finding, Report
from auditor.rule import Severity

Name = tuple[str, str]
"""Of an entry: its rule and its keyed fingerprint."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Part):
    """One breach, as often as it was there."""

    rule: str
    fingerprint: str = Field(pattern=r"^[0-9a-f]{32}$", description="Keyed: in no report.")
    severity: Severity
    count: int = Field(ge=1, strict=True)
    first_seen: str | None = Field(default=None, pattern=r"^\d{4}-\d\d-\d\d$")

    @property
    def name(self) -> Name:
        """What it is found by."""
        return self.rule, self.fingerprint

    @property
    def order(self) -> tuple[str, str, int]:
        """By rule and fingerprint, the gravest first."""
        return *self.name, -self.severity.rank


class Baseline(_Part):
    """The whole file. `key_digest` tells whether a token key is the one that it was made with."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    salt: str = Field(pattern=r"^[0-9a-f]{64}$")
    key_digest: str
    entries: tuple[Entry, ...]

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        orders = [entry.order for entry in self.entries]
        if orders != sorted(set(orders)):
            message = "The entries are not sorted, or one is there twice"
            raise ValueError(message)
        return self

    def counts(self) -> Counter[Name]:
        """How often each breach is in it, however grave."""
        return _added((entry.name, entry.count) for entry in self.entries)


class Ledger(NamedTuple):
    """A baseline with the key that its fingerprints are made with."""

    baseline: Baseline
    key: bytes

    def name(self, report: Report, rule: str, finding: Finding) -> Name | None:
        """What the finding would be found by; None where nothing may stand for it."""
        parts = identity(report, rule, finding)
        return None if parts is None else (rule, keyed(self.key, *parts))


def begun(report: Report, token_key: bytes | None) -> Ledger:
    """An empty baseline, salted by what was audited."""
    stores = "\x1f".join(sorted(store.digest for store in report.stores))
    salt = hashlib.sha256(f"baseline\x1f{stores}".encode()).hexdigest()
    key = _key(salt, token_key)
    return Ledger(Baseline(salt=salt, key_digest=keyed(key, "baseline"), entries=()), key)


def read(path: Path, token_key: bytes | None) -> tuple[Ledger, str]:
    """A baseline's file, and its digest. Raises UsageError, quoting nothing of it."""
    try:
        data = path.read_bytes()
        baseline = Baseline.model_validate_json(data)
    except OSError as error:
        message = f"{path}: the baseline cannot be read ({error.strerror})"
        raise UsageError(message) from None
    except ValidationError as error:
        message = f"{path}: is no baseline ({_fault(error)})"
        raise UsageError(message) from None
    key = _key(baseline.salt, token_key)
    if baseline.key_digest != keyed(key, "baseline"):
        message = f"{path}: was made with another --token-key, or with none where one is given now"
        raise UsageError(message)
    return Ledger(baseline, key), f"sha256:{hashlib.sha256(data).hexdigest()}"


def written(baseline: Baseline) -> bytes:
    """The file: sorted, the same for the same entries, one entry after another to be compared."""
    return baseline.model_dump_json(indent=1, exclude_none=True).encode() + b"\n"


def absorbed(baseline: Baseline, found: Iterable[tuple[Name | None, Severity]]) -> list[bool]:
    """Of each finding, whether the baseline has it: an entry serves `count` findings, none graver.

    The gravest findings choose first: what may serve them may serve the others too, not the other
    way round.
    """
    findings = list(found)
    left = Counter({(entry.name, entry.severity): entry.count for entry in baseline.entries})
    has = [False] * len(findings)
    for number in sorted(range(len(findings)), key=lambda number: -findings[number][1].rank):
        name, severity = findings[number]
        serving = ((name, other) for other in Severity if name and other.rank >= severity.rank)
        if entry := next((entry for entry in serving if left[entry] > 0), None):
            left[entry] -= 1
            has[number] = True
    return has


def counted(report: Report, ledger: Ledger) -> Counter[Name]:
    """How often each breach is in a report, however it is disposed of."""
    names = (
        ledger.name(report, verdict.rule, finding)
        for verdict in report.verdicts
        for finding in verdict.findings
    )
    return Counter(name for name in names if name)


def _fault(error: ValidationError) -> str:
    """Where and what is wrong, in pydantic's words: not those about JSON, which quote the file."""
    first = error.errors(include_input=False, include_url=False)[0]
    entry = next((f"entry {part + 1}, " for part in first["loc"] if isinstance(part, int)), "")
    told = "not JSON" if first["type"] == "json_invalid" else first["msg"]
    return f"{entry}{told.removeprefix('Value error, ')}"


def _added(pairs: Iterable[tuple[Name, int]]) -> Counter[Name]:
    total: Counter[Name] = Counter()
    for name, count in pairs:
        total[name] += count
    return total


def _key(salt: str, token_key: bytes | None) -> bytes:
    return hmac.new(token_key or b"", bytes.fromhex(salt), "sha256").digest()
