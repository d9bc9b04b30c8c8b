"""The small tables that views join: settings, forms of preference values, readings of contracts."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from auditor import values
from auditor.contract import Contract, contract_for_version, load_contract
from auditor.stores.tables import Recipe, as_arrow

if TYPE_CHECKING:
    import pyarrow as pa

SETTLE = 3_000
"""Milliseconds in which an opt-out settles: Firefox's JSON stores are written 1.5 s after."""

AUTO = "auto"


class Setting(NamedTuple):
    """What the views are told: times in milliseconds, and how many values could prove something."""

    grace: int
    settle: int
    known_values: int


class Name(NamedTuple):
    """A name that a recipe gives itself."""

    name: str


class ShapeReading(NamedTuple):
    """What the contracts say of one shape of event.

    `has_ids` is NULL for a version that no contract covers.
    """

    shape: str
    has_ids: bool | None
    id_documented: str | None
    id_sent: str | None


def lookups(recipes: "pa.Table", grace: int) -> "dict[str, pa.Table]":
    """The tables that depend on the stores' preference values and on the audit's options."""
    asked = [Recipe(**row) for row in recipes.to_pylist()]
    names = values.known_names(asked)
    proving = {recipe.value for recipe in asked if values.proves(recipe.value, names)}
    return {
        "settings": as_arrow(Setting, [Setting(grace, SETTLE, len(proving))]),
        "known_names": as_arrow(Name, [Name(name) for name in sorted(names)]),
        "value_forms": as_arrow(values.Form, values.forms(asked, names)),
    }


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

    def _read(self, shape: Mapping[str, Any]) -> ShapeReading:
        browser = self.browser(shape["major"])
        return ShapeReading(
            shape["shape"],
            browser.enrollment_ids if browser else None,
            _presence(self.documented, shape),
            _presence(browser, shape),
        )


@lru_cache
def load_contract_once(name: str) -> Contract:
    """A contract of the project's own, which does not change while an audit runs."""
    return load_contract(name)


@lru_cache
def _covering(major: int | None) -> str | None:
    return None if major is None else contract_for_version(major)


def _presence(contract: Contract | None, shape: Mapping[str, Any]) -> str | None:
    event = contract and contract.event(shape["method"], shape["object"])
    if not event:
        return None
    reason, channel = shape["reason"] or "", shape["channel"] or ""
    return str(event.presence("enrollmentId", reason, channel))
