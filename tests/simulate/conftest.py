"""Fleets to audit, and what an audit finds in one: named so that it compares with the labels."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from auditor.breaches import breaches_in, severity_of
from auditor.rule import load_rules
from auditor.simulate import fleet
from auditor.simulate.forms import Form
from auditor.simulate.labels import subject_of
from auditor.stores import read_recipes, read_stores

Shown = tuple[str, str, str]
"""A rule, how gravely it is broken, and the ping that shows it (the subject, where none does)."""

Simulate = Callable[..., Path]


@pytest.fixture
def simulate(tmp_path: Path) -> Simulate:
    """Write a fleet, and give its directory."""

    def write(clients: int, form: Form, plant: str = "none", seed: int = 7) -> Path:
        folder = tmp_path / f"{form}-{clients}-{seed}"
        fleet.simulate(fleet.Request(clients, seed, folder, form, fleet.planting_of(plant)))
        return folder

    return write


@pytest.fixture(scope="session")
def shown() -> Callable[[Path], set[Shown]]:
    """What an audit of a fleet shows above notes, which are about the document."""

    def audit(folder: Path) -> set[Shown]:
        (store,), asked = folder.glob("fleet*"), folder / "recipes.json"
        stores = sorted(store.iterdir()) if any(store.glob("*/prefs.js")) else [store]
        recipes = read_recipes(asked) if asked.exists() else []
        return {
            (rule.name, severity_of(rule, breach), place.ping or subject_of(rule, breach))
            for rule, breach in breaches_in(read_stores(stores, recipes), load_rules())
            for place in breach.places
            if place.notes and severity_of(rule, breach) != "note"
        }

    return audit


@pytest.fixture(scope="session")
def labelled() -> Callable[[Path], set[Shown]]:
    """What the labels of a fleet say of it above notes."""

    def read(folder: Path) -> set[Shown]:
        return {
            (label["rule"], label["severity"], ping)
            for label in pq.read_table(folder / "labels.parquet").to_pylist()
            for ping in label["pings"] or [label["subject"]]
            if label["severity"] != "note"
        }

    return read
