"""The small tables that views join: settings, the names and the forms of preference values."""

from typing import TYPE_CHECKING, NamedTuple

from auditor import values
from auditor.stores.tables import Recipe, as_arrow

if TYPE_CHECKING:
    import pyarrow as pa

SETTLE = 3_000
"""Milliseconds in which an opt-out settles: Firefox's JSON stores are written 1.5 s after."""


class Setting(NamedTuple):
    """What the views are told: times in milliseconds, and how many values could prove something."""

    grace: int
    settle: int
    known_values: int


class Kin(NamedTuple):
    """A person who has an enrollment ID in common with others, and the first of these."""

    person: str
    first: str


class Name(NamedTuple):
    """A name that a recipe gives itself."""

    name: str


def lookups(recipes: "pa.Table", grace: int) -> "dict[str, pa.Table]":
    """The tables that depend on the stores' preference values and on the audit's options.

    `kin` is empty: only where an audit is divided among shards, it matters who belongs together.
    """
    asked = [Recipe(**row) for row in recipes.to_pylist()]
    names = values.known_names(asked)
    proving = {recipe.value for recipe in asked if values.proves(recipe.value, names)}
    return {
        "settings": as_arrow(Setting, [Setting(grace, SETTLE, len(proving))]),
        "known_names": as_arrow(Name, [Name(name) for name in sorted(names)]),
        "kin": as_arrow(Kin, []),
        "value_forms": as_arrow(values.Form, values.forms(asked, names)),
    }
