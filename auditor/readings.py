"""What the contracts say of each shape of event: the document, and the browser of its version."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from auditor.contract import (
    Contract,
    Presence,
    contract_for_version,
    contract_names,
    load_contract,
)
from auditor.stores.tables import as_arrow

if TYPE_CHECKING:
    import pyarrow as pa

AUTO = "auto"


class ShapeReading(NamedTuple):
    """What the document's contract and the browser's say of one shape of event.

    Each pair is first by the document, then by the browser's contract of that version; where no
    contract covers the version, the document alone speaks. Lists are joined by commas, and empty
    for an event that the contract does not know. The ID is left out of what is missing.
    """

    shape: str
    has_ids: bool | None
    documented: bool
    known: bool
    id_documented: str | None
    id_sent: str | None
    extras_undocumented: str
    extras_unknown: str
    extras_missing: str
    extras_never_sent: str
    codes_undocumented: str
    codes_unknown: str


class UptakeReading(NamedTuple):
    """What the document's contract and the browser's say of one shape of uptake report."""

    uptake_shape: str
    documented: bool
    known: bool


class Code(NamedTuple):
    """A text that a contract lists for an extra of an event."""

    method: str
    object: str
    stood_in: str
    code: str


class Contracts:
    """The document, and the browser's contract of each version: `auto`, or the one that is named.

    Raises ContractError for a contract that is wrong.
    """

    def __init__(self, named: str = AUTO) -> None:
        """Load the document's contract, and the named one."""
        self.documented = load_contract("documented")
        self._named = None if named == AUTO else load_contract(named)
        self._name = named
        self.used: set[str] = {"documented"} if named == AUTO else {"documented", named}

    @property
    def digest(self) -> str:
        """`sha256:…` over the contracts that were used."""
        return digest_of(self.used)

    def browser(self, major: int | None) -> Contract | None:
        """The browser's contract for a version, or None where there is none."""
        if self._named is not None:
            return self._named
        name = _covering(major)
        if name is None:
            return None
        self.used.add(name)
        return load_contract_once(name)

    def read(self, shapes: Iterable[Mapping[str, Any]]) -> "pa.Table":
        """What the contracts say of each shape."""
        return as_arrow(ShapeReading, [self._read(shape) for shape in shapes])

    def read_uptake(self, shapes: Iterable[Mapping[str, Any]]) -> "pa.Table":
        """What the contracts say of each shape of uptake report."""
        readings = []
        for shape in shapes:
            browser = self.browser(shape["major"]) or self.documented
            both = [_lists(contract, shape) for contract in (self.documented, browser)]
            readings.append(UptakeReading(shape["uptake_shape"], *both))
        return as_arrow(UptakeReading, readings)

    def codes(self) -> "pa.Table":
        """Every code that the document or any browser's contract lists."""
        contracts = [self.documented, self._named] if self._named is not None else _all_contracts()
        found = {code for contract in contracts for code in _codes(contract)}
        return as_arrow(Code, sorted(found))

    def _read(self, shape: Mapping[str, Any]) -> ShapeReading:
        browser = self.browser(shape["major"])
        document, wire = _Held(self.documented, shape), _Held(browser or self.documented, shape)
        return ShapeReading(
            shape=shape["shape"],
            has_ids=browser.enrollment_ids if browser else None,
            documented=document.event is not None,
            known=wire.event is not None,
            id_documented=document.presence("enrollmentId"),
            id_sent=wire.presence("enrollmentId"),
            extras_undocumented=document.unlisted(),
            extras_unknown=wire.unlisted(unless_listed_by=document),
            extras_missing=document.missing(),
            extras_never_sent=document.missing(unless_absent_from=wire),
            codes_undocumented=document.strange_codes(),
            codes_unknown=wire.strange_codes(),
        )


_CODED = {
    "reason": "reason",
    "originalReason": "original_reason",
    "experimentType": "experiment_type",
    "previousState": "previous_state",
    "didResetValue": "did_reset_value",
}


class _Held:
    """One shape of event, held against one contract."""

    def __init__(self, contract: Contract, shape: Mapping[str, Any]) -> None:
        self.shape = shape
        self.event = contract.event(shape["method"], shape["object"])

    def presence(self, key: str) -> str | None:
        reason, channel = self.shape["reason"] or "", self.shape["channel"] or ""
        return str(self.event.presence(key, reason, channel)) if self.event else None

    def unlisted(self, unless_listed_by: "_Held | None" = None) -> str:
        """The keys that the contract forbids here, or does not list.

        Given another contract, only those that the other does not list either.
        """
        keys = [key for key in self.shape["keys"] if key != "enrollmentId"]
        strange = [key for key in keys if self.presence(key) == Presence.FORBIDDEN]
        other = unless_listed_by
        return ",".join(
            key for key in strange if not other or other.presence(key) in {None, Presence.FORBIDDEN}
        )

    def missing(self, unless_absent_from: "_Held | None" = None) -> str:
        """The keys that the contract requires and the event lacks.

        Given another contract, only those that the other does not require.
        """
        listed = self.event.extras if self.event else ()
        absent = [key for key in listed if key not in {*self.shape["keys"], "enrollmentId"}]
        required = [key for key in absent if self.presence(key) == Presence.REQUIRED]
        other = unless_absent_from
        return ",".join(
            key for key in required if not other or other.presence(key) != Presence.REQUIRED
        )

    def strange_codes(self) -> str:
        """The keys whose coded value the contract does not list."""
        extras = self.event.extras if self.event else {}
        found = {key: self.shape[column] for key, column in _CODED.items() if key in extras}
        return ",".join(
            key
            for key, value in found.items()
            if value is not None and not extras[key].allows(value)
        )


def digest_of(names: Iterable[str]) -> str:
    """`sha256:…` over the contracts of these names."""
    contracts = (load_contract(name).model_dump_json() for name in sorted(names))
    return f"sha256:{hashlib.sha256(''.join(contracts).encode()).hexdigest()}"


def _lists(contract: Contract, shape: Mapping[str, Any]) -> bool:
    uptake = contract.uptake.get(shape["about"])
    return uptake is not None and shape["status"] in uptake.statuses.values()


def _codes(contract: Contract) -> Iterator[Code]:
    for method, name, event in contract.each_event():
        for key, extra in event.extras.items():
            for code in (*extra.codes, *extra.former_codes):
                yield Code(method, name, key, code)


@lru_cache
def load_contract_once(name: str) -> Contract:
    """A contract of the project's own, which does not change while an audit runs."""
    return load_contract(name)


@lru_cache
def _covering(major: int | None) -> str | None:
    return None if major is None else contract_for_version(major)


def _all_contracts() -> list[Contract]:
    return [load_contract_once(name) for name in contract_names()]
