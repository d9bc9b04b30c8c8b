"""A contract: what may be sent, as data, read from a TOML file in `rules/contracts`."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from auditor import resources
from auditor.written import Table, Written


class ContractError(Exception):
    """A contract cannot be used: one sentence, which never repeats what stands in the file."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Presence(StrEnum):
    """Whether an event carries an extra."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    FORBIDDEN = "forbidden"


class ExtraContract(_Part):
    """One extra of an event. Without `codes` and `pattern` it is free text."""

    presence: Presence = Presence.REQUIRED
    only_with: tuple[str, ...] = Field((), description="Forbidden with any other reason.")
    channels: tuple[str, ...] = Field((), description="Forbidden on any other channel.")
    codes: tuple[str, ...] = ()
    former_codes: tuple[str, ...] = Field((), description="What older covered versions sent.")
    open: bool = Field(default=False, description="Whether other texts than the codes may stand.")
    pattern: str | None = Field(None, description="What the whole of any other text looks like.")
    at_most_characters: int | None = Field(None, gt=0)

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error:
            message = "the pattern is not a regular expression"
            raise ValueError(message) from None
        return pattern

    def allows(self, text: str) -> bool:
        """Tell whether `text` may stand here, its length aside."""
        if text in self.codes or text in self.former_codes or self.open:
            return True
        if self.pattern is not None:
            return re.fullmatch(self.pattern, text) is not None
        return not self.codes


class EventContract(_Part):
    """One event. `value` is what its value is made of; an extra not listed is forbidden."""

    source: str
    value: str
    extras: dict[str, ExtraContract] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _reasons_exist(self) -> Self:
        named = {reason for extra in self.extras.values() for reason in extra.only_with}
        if not named <= set(self.reason.codes + self.reason.former_codes):
            message = "`only_with` names a reason that the event does not list"
            raise ValueError(message)
        return self

    @property
    def reason(self) -> ExtraContract:
        """The extra `reason`; one without codes where the event has none."""
        return self.extras.get("reason", ExtraContract())

    def presence(self, key: str, reason: str | None = None, channel: str | None = None) -> Presence:
        """Tell whether the extra `key` is there, given what is known of the event.

        Nothing known of the reason or channel that it depends on, it is optional.
        """
        extra = self.extras.get(key, ExtraContract(presence=Presence.FORBIDDEN))
        conditions = ((extra.only_with, reason), (extra.channels, channel))
        if any(known and allowed and known not in allowed for allowed, known in conditions):
            return Presence.FORBIDDEN
        if extra.presence is Presence.REQUIRED and any(
            allowed and known is None for allowed, known in conditions
        ):
            return Presence.OPTIONAL
        return extra.presence


class UptakeContract(_Part):
    """The statuses of one kind of uptake source: the constant's name to the value that is sent."""

    source: str
    key: str
    statuses: dict[str, str]


class ScalarContract(_Part):
    """One keyed scalar: what its keys and its values are."""

    source: str
    key: str
    unit: str


class Limit(_Part):
    """The most that the platform lets through."""

    source: str
    at_most: int = Field(gt=0)
    unit: Literal["bytes", "characters", "keys"]


class Covered(_Part):
    """The major versions that a contract is for, both ends included; no `last` is an open end."""

    first: int = 0
    last: int | None = None

    def __contains__(self, major: int) -> bool:
        """Tell whether the contract is for the major version."""
        return self.first <= major and (self.last is None or major <= self.last)


class Contract(_Part):
    """What may be sent. `events` is by object, then by method; no `versions` means all of them."""

    title: str
    enrollment_ids: bool
    versions: Covered | None = None
    events: dict[str, dict[str, EventContract]]
    uptake: dict[str, UptakeContract]
    scalars: dict[str, ScalarContract]
    limits: dict[str, Limit] = Field(default_factory=dict)

    def event(self, method: str, object_: str) -> EventContract | None:
        """Return the event, or None where the contract has none."""
        return self.events.get(object_, {}).get(method)

    def each_event(self) -> Iterator[tuple[str, str, EventContract]]:
        """Yield method, object and contract of every event, in the file's order."""
        for object_, methods in self.events.items():
            for method, event in methods.items():
                yield method, object_, event


def load_contract(name_or_path: str) -> Contract:
    """Read the contract of that name in `rules/contracts`, or else the one in that file.

    Raises ContractError.
    """
    named = _folder() / f"{name_or_path}.toml"
    return _load(named if named in _folder().iterdir() else Path(name_or_path))[0]


def contract_names() -> list[str]:
    """The names of the project's own contracts."""
    return sorted(file.stem for file in _folder().glob("*.toml"))


def contract_for_version(major: int) -> str | None:
    """Return the name of the browser contract that covers the major version, if one does."""
    for file in sorted(_folder().glob("firefox-*.toml")):
        versions = load_contract(file.stem).versions
        if versions is not None and major in versions:
            return file.stem
    return None


def _folder() -> Path:
    return resources.folder("rules") / "contracts"


def _load(file: Path, extending: tuple[Path, ...] = ()) -> tuple[Contract, Table]:
    written = Written(
        file, ContractError, missing="there is no such contract, by name or as a file"
    )
    table = written.table()
    if "extends" in table:
        table = _extended(written, table, (*extending, file))
    return written.holding(Contract, table), table


def _extended(written: Written, table: Table, extending: tuple[Path, ...]) -> Table:
    """Lay `table` over the contract that it extends, less the extras it does `without`.

    Versions are not inherited: a contract that extends another is for other versions.
    """
    base_file = _folder() / f"{table['extends']}.toml"
    if base_file not in set(_folder().iterdir()) - set(extending):
        raise written.fault(("extends",), "`extends` names no other contract of the project")
    base = _load(base_file, extending)[1]
    dropped = table.get("without", [])
    if not isinstance(dropped, list):
        raise written.fault(("without",), "`without` is not a list of extras")
    for methods in base["events"].values():
        for event in methods.values():
            extras = event.get("extras", {})
            event["extras"] = {key: extras[key] for key in extras if key not in dropped}
    base.pop("versions", None)
    return _laid_over(base, {k: v for k, v in table.items() if k not in {"extends", "without"}})


def _laid_over(base: Table, table: Table) -> Table:
    both = {k for k in table if isinstance(table[k], dict) and isinstance(base.get(k), dict)}
    return base | {k: _laid_over(base[k], v) if k in both else v for k, v in table.items()}
