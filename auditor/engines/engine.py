"""An engine: the views over the base tables, and every rule over a view in one pass."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from auditor import views
from auditor.engines.asking import (
    FIRST_PLACES,
    Breach,
    Tally,
    broken_places_query,
    kept,
    place,
    places_query,
    quoted,
    subjects_query,
    tallies,
    tally_query,
    ways,
)
from auditor.rule import Rule

if TYPE_CHECKING:
    import pyarrow as pa


class Session(Protocol):
    """Where tables lie and queries run. Each of these raises RuleCrashError when it cannot."""

    def register(self, name: str, table: "pa.Table") -> None:
        """Take one more table."""

    def create(self, view: views.View) -> None:
        """Make a view of what is there: one that rules examine is kept, as it is read often."""

    def columns(self, name: str) -> list[str]:
        """The names of a relation's columns."""

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query in DuckDB's dialect."""

    def close(self) -> None:
        """Drop everything."""


class Engine:
    """A session over one audit's base tables. A context: leaving it drops everything."""

    def __init__(self, session: Session, tables: "Mapping[str, pa.Table]") -> None:
        """Take the tables by name."""
        self._session = session
        self._made: set[str] = set()
        self._broken: dict[str, list[Rule]] = {}
        self._near: dict[tuple[str, ...], str] = {}
        self._within: Mapping[str, str] = {}
        for name, table in tables.items():
            session.register(name, table)

    def __enter__(self) -> Self:
        """Enter the session."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drop the session."""
        self._session.close()

    def register(self, name: str, table: "pa.Table") -> None:
        """Add one more table."""
        self._session.register(name, table)

    def divide(self, within: Mapping[str, str]) -> None:
        """Have of each view that is sharded only the rows of one shard: a predicate by column.

        What was made before has all rows, and keeps them.
        """
        self._within = within

    def count(self, name: str, predicate: str = "TRUE") -> int:
        """How many rows of a relation the predicate picks."""
        self._make(name)
        (row,) = self._session.rows(f"SELECT count(*) AS n FROM {quoted(name)} WHERE {predicate}")
        return int(row["n"])

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A relation's rows, made first where it is a view."""
        self._make(name)
        return self._session.rows(f"SELECT * FROM {quoted(name)}")

    def columns(self, name: str) -> list[str]:
        """The names of a relation's columns."""
        self._make(name)
        return self._session.columns(name)

    def tally(self, view: str, rules: Sequence[Rule]) -> list[Tally]:
        """Count all rules over one view, in one pass. Raises RuleCrashError."""
        self._make(view)
        (row,) = self._session.rows(tally_query(view, rules))
        found = tallies(row, rules)
        self._broken[view] = [
            rule for rule, tally in zip(rules, found, strict=True) if any(tally.broken)
        ]
        return found

    def breaches(self, rule: Rule, tally: Tally, most: int = FIRST_PLACES) -> Iterator[Breach]:
        """The subjects that broke the rule, each with its first places. Raises RuleCrashError."""
        for way, predicate in enumerate(ways(rule)):
            if tally.broken[way]:
                yield from self._breaches(rule, way, predicate, most)

    def witness(self, rule: Rule) -> Breach | None:
        """One subject that put the promise to the test and kept it: the first by its key."""
        view = views.load()[rule.examines]
        key = quoted(str(view.key))
        first = f"SELECT min({key}) FROM {quoted(view.name)} WHERE {kept(rule)}"
        return next(iter(self._breaches(rule, 0, f"{key} = ({first})", FIRST_PLACES)), None)

    def _breaches(self, rule: Rule, way: int, predicate: str, most: int) -> Iterable[Breach]:
        view = views.load()[rule.examines]
        notes = rule.lesser[way - 1].shows or rule.shows if way else rule.shows
        found = {
            subject[str(view.key)]: Breach(way, subject, tuple(notes))
            for subject in self._session.rows(subjects_query(view, predicate))
        }
        relation = self._standing(view, rule)
        for row in self._session.rows(places_query(view, predicate, notes, relation, most)):
            found[row["subject"]].places.append(place(row, notes))
        return found.values()

    def _standing(self, view: views.View, rule: Rule) -> str:
        """Where the places of a rule's subjects stand: for all that were broken, looked up once."""
        group = self._broken.get(view.name, [])
        if rule not in group:
            return str(view.places)
        names = tuple(each.name for each in group)
        if names not in self._near:
            self._near[names] = f"{view.places}_near_{len(self._near)}"
            query = broken_places_query(view, group)
            self._session.create(
                views.View(self._near[names], query, view.reads, view.key, places=None)
            )
        return self._near[names]

    def _make(self, name: str) -> None:
        if name not in views.load():
            return
        for view in views.needed([name]):
            if view.name not in self._made:
                within = self._within.get(view.sharded or "")
                self._session.create(view.where(within) if within else view)
                self._made.add(view.name)
