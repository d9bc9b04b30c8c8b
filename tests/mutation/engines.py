"""Engines that are kept open with their views in them, and with what was asked of them before."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import auditor.audit
from auditor import views
from auditor.audit import Options
from auditor.engines.asking import FIRST_PLACES, Breach, Tally
from auditor.engines.engine import Engine
from auditor.readings import Contracts
from auditor.rule import Rule
from auditor.stores import Stores
from tests.mutation.memory import CONTRACTS, Memory

ENGINE = "an engine"
"""What is remembered with it is void for a mutant of the small tables that views join."""

_TELLERS = {
    ("shape_readings", "uptake_readings", "known_codes"): CONTRACTS,
    ("settings",): {"auditor/lookups.py"},
    ("value_forms", "known_names"): {"auditor/lookups.py", "auditor/values.py"},
}
"""The small tables, and what makes them."""


class Engines:
    """The engines of a memory. An answer is good for as long as no mutant can affect it."""

    def __init__(self, memory: Memory, patch: pytest.MonkeyPatch) -> None:
        """Stand between the tests and the engines. To be done before any test is imported."""
        self._memory = memory
        self._fresh = auditor.audit.engine_over
        self._plain = {name: getattr(Engine, name) for name in _WATCHED}
        self._answers: dict[int, dict[tuple[str, str], Any]] = {}
        self._dropped: dict[int, set[str]] = {}
        patch.setattr(auditor.audit, "engine_over", self._over)
        patch.setattr(auditor.audit, "_sections", cache(auditor.audit._sections))
        for name, watch in _WATCHED.items():
            patch.setattr(Engine, name, _bound(self, watch))

    def _over(self, stores: Stores, contracts: Contracts, options: Options) -> Engine:
        """One engine for the same stores and contracts, without the views under mutation."""

        def make() -> tuple[Engine, Stores]:
            self._memory.touched.add(ENGINE)
            return self._fresh(stores, contracts, options), stores

        # A test that makes stores of its own reads more than the histories that are known.
        self._memory.reads |= id(stores) not in self._memory.stores
        engine: Engine
        key = (id(stores), contracts._name, options)
        engine, _ = self._memory.remembered(key, make)
        self._answers.setdefault(id(engine), {})
        dropped = self._dropped.setdefault(id(engine), set())
        for name in engine._made & self._memory.views - dropped:
            engine._session.rows(f'DROP TABLE "{name}"')
            engine._made.remove(name)
        dropped |= self._memory.views
        return engine

    def _answer(self, engine: Engine, what: str, name: str, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is asked for
        known = self._answers.get(id(engine))
        if known is None or name in self._memory.views | (self._memory.rules or set()):
            return ask()
        if (what, name) not in known:
            known[what, name] = ask()
        return known[what, name]

    def make(self, engine: Engine, name: str) -> None:
        """The test rests on the view, on what it is made of, and on what makes that."""
        if name in views.load():
            needed = views.needed([name])
            self._memory.touched |= {f"auditor/views/{view.name}.sql" for view in needed}
            sql = " ".join(view.sql for view in needed)
            for tables, makers in _TELLERS.items():
                self._memory.touched |= makers if any(map(sql.__contains__, tables)) else set()
            for view in needed:
                if view.name not in engine._made:
                    # A table even where the engine makes a view: it is asked again and again.
                    engine._session.create(replace(view, key=view.key or view.name))
                    engine._made.add(view.name)

    def rows(self, engine: Engine, name: str) -> Any:  # noqa: ANN401 - as the engine's own
        """The rows, asked for once."""
        self.make(engine, name)
        return self._answer(engine, "rows", name, lambda: self._plain["rows"](engine, name))

    def tally(self, engine: Engine, view: str, rules: Sequence[Rule]) -> list[Tally]:
        """The counts of each rule, asked for once."""
        self._memory.touched |= {f"rules/{rule.name}.py" for rule in rules}
        self._memory.touched.add("auditor/verdicts.py")
        self.make(engine, view)

        def count(rule: Rule) -> Tally:
            tally: Tally = self._plain["tally"](engine, view, [rule])[0]
            return tally

        return [self._answer(engine, "tally", r.name, lambda r=r: count(r)) for r in rules]  # type: ignore[misc]

    def breaches(
        self, engine: Engine, rule: Rule, tally: Tally, most: int = FIRST_PLACES
    ) -> Iterator[Breach]:
        """What broke the rule, asked for once."""

        def ask() -> list[Breach]:
            # The places of what is broken without a mutant are not those of what is with one.
            engine._broken.clear()
            return [*self._plain["breaches"](engine, rule, tally, most)]

        yield from self._answer(engine, f"breaches {most}", rule.name, ask)

    def leave(self, engine: Engine, *error: object) -> None:
        """An engine that is remembered stays open."""
        if id(engine) not in self._answers:
            self._plain["__exit__"](engine, *error)


_WATCHED: dict[str, Callable[..., Any]] = {
    "_make": Engines.make,
    "rows": Engines.rows,
    "tally": Engines.tally,
    "breaches": Engines.breaches,
    "__exit__": Engines.leave,
}


def _bound(engines: Engines, watch: Callable[..., Any]) -> Callable[..., Any]:
    """The method of a class of engines that asks ours; a partial is not bound to its object."""
    return lambda *arguments: watch(engines, *arguments)
