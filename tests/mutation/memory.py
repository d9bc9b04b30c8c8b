"""What tests need again and again is made once: stores, and engines with their views in them.

Whatever is remembered knows the parts of the project that it was made with, so that a test that is
given it is known to rest on them, and so that it is made anew for a mutant of one of them.
"""

import pickle
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pytest

import auditor.contract
import auditor.rule
import auditor.stores
from auditor.contract import Contract
from auditor.history import Moment
from auditor.rule import Rule
from auditor.stores import Limits, Recipe, Step, Stores, timeline

RECORDINGS = Path("tests/recordings").absolute()
CONTRACTS = {
    *(file.as_posix() for file in Path("rules/contracts").glob("*.toml")),
    *("auditor/contract.py", "auditor/readings.py"),
}


class Memory:
    """Stores and engines by what they were made of.

    `touched` collects the parts that the running test rests on, `histories` those that it has
    audited, and `reads` tells that it reads other stores too. `void` is the part under mutation:
    what was made with it is made anew, once. `views` and `rules` are those that it can affect.
    """

    def __init__(self) -> None:
        """Remember nothing, on a project without a mutant."""
        self.touched: set[str] = set()
        self.histories: dict[bytes, list[list[Moment]]] = {}
        self.reads = False
        self.stores: set[int] = set()
        self.void: str | None = None
        self.views: set[str] = set()
        self.rules: set[str] | None = None
        self._made: dict[Hashable, tuple[Any, set[str]]] = {}
        self._anew: set[Hashable] = set()
        self._kept: list[object] = []

    def mutate(self, part: str, views: set[str], rules: set[str] | None) -> None:
        """From now on a part is mutated, and with it these views; it can affect these rules."""
        self.void, self.views, self.rules = part, views, rules
        self._anew.clear()

    def remembered(
        self,
        key: Hashable,
        make: Callable[[], Any],
        same: Callable[[Any, Any], bool] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever is made
        """What was made under this key, or is made now; the old one where the new is the same."""
        old = self._made.get(key)
        if old is None or (self.void in old[1] and key not in self._anew):
            before, self.touched = self.touched, set()
            new = make()
            kept = old[0] if old and same and same(old[0], new) else new
            # An engine cannot be closed in a process that did not open it, so none is dropped.
            self._kept.append(old)
            self._made[key] = kept, self.touched
            self._anew.add(key)
            self.touched = before
        made, touched = self._made[key]
        self.touched |= touched
        return made

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Stand between tests and what they call. To be done before any of them is imported."""
        rules, connect = auditor.rule.load_rules(), duckdb.connect

        def load_rules(folder: Path | None = None) -> tuple[Rule, ...]:
            return load(folder) if folder else rules

        def single(config: dict[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
            # A thread would not outlive the fork of a process.
            return connect(config=(config or {}) | {"threads": 1})

        load = auditor.rule.load_rules
        patch.setattr(auditor.rule, "load_rules", load_rules)
        patch.setattr(duckdb, "connect", single)
        self._watch_stores(patch)
        self._watch_contracts(patch)

    def _watch_stores(self, patch: pytest.MonkeyPatch) -> None:
        written, read, sql = auditor.stores.as_stores, auditor.stores.read_stores, timeline._sql

        def as_stores(*people: Iterable[Moment]) -> Stores:
            told = [[*person] for person in people]
            key = pickle.dumps(told)
            self.histories[key] = told
            stores: Stores = self.remembered(key, lambda: written(*told), _same)
            self.stores.add(id(stores))
            return stores

        def read_stores(
            paths: Sequence[Path],
            recipes: Sequence[Recipe] = (),
            step: Step = nullcontext,
            limits: Limits | None = None,
        ) -> Stores:
            self.reads = True
            if recipes or not all(p.absolute().is_relative_to(RECORDINGS) for p in paths):
                return read(paths, recipes, step, limits)
            stores: Stores = self.remembered(tuple(map(str, paths)), lambda: read(paths), _same)
            return stores

        def settled(name: str) -> str:
            self.touched.add(f"auditor/stores/settled/{name}.sql")
            return sql(name)

        patch.setattr(auditor.stores, "as_stores", as_stores)
        patch.setattr(auditor.stores, "read_stores", read_stores)
        patch.setattr(timeline, "_sql", settled)

    def _watch_contracts(self, patch: pytest.MonkeyPatch) -> None:
        """A test that loads a contract itself rests on all of them."""
        load = auditor.contract.load_contract

        def load_contract(name_or_path: str) -> Contract:
            self.touched |= CONTRACTS
            return load(name_or_path)

        patch.setattr(auditor.contract, "load_contract", load_contract)


def _same(old: Stores, new: Stores) -> bool:
    return all(table.equals(new.tables[name]) for name, table in old.tables.whole().items())
