"""All histories that the tests audit, as those of so many people in one store.

A mutant of a view that changes no row of it over all of them needs none of their tests. Where two
histories hide a difference from each other, a mutant may survive that a test would have killed.
"""

import duckdb

from auditor import audit as auditing
from auditor import stores, views
from auditor.audit import Options, prepare
from auditor.engines.asking import RuleCrashError
from auditor.readings import Contracts
from auditor.stores import Stores
from tests.mutation.memory import Memory


class Together:
    """The rows of every view over all histories."""

    def __init__(self, memory: Memory) -> None:
        """Audit the histories that the memory knows."""
        people = [person for told in memory.histories.values() for person in told]
        unique = {repr([*map(_whole, person)]): person for person in people}
        self._people = list(unique.values())
        self._settled = self._stores()
        self._rows = {name: self._of(name) for name in views.load()}

    def tells_nothing_of(self, part: str) -> bool:
        """Whether the part is a query, and every row is what it was."""
        if part.startswith("auditor/stores/settled/"):
            try:
                return self._stores() is self._settled
            except duckdb.Error:
                return False
        name = part.removeprefix("auditor/views/").removesuffix(".sql")
        return name in self._rows and self._rows[name] == self._of(name)

    def _stores(self) -> Stores:
        # Asked for by its name, so that the memory has its say.
        return stores.as_stores(*self._people)

    def _of(self, name: str) -> list[str] | None:
        """The rows of a view, in an order of their own; None where it cannot be made."""
        contracts = Contracts()
        engine = auditing.engine_over(self._settled, contracts, Options())
        try:
            for view in ("event_shapes", "uptake_shapes"):
                prepare(view, engine, contracts)
            return sorted(map(repr, engine.rows(name)))
        except RuleCrashError:
            return None


def _whole(moment: object) -> tuple[str, str]:
    return repr(moment), type(getattr(moment, "id", None)).__name__
