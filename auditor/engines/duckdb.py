"""DuckDB, in process: the views over the base tables, and every rule over a view in one pass."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from auditor import views
from auditor.rule import Rule

if TYPE_CHECKING:
    import pyarrow as pa

FIRST_PLACES = 20
"""Places of a subject that are looked at: so many in their order, and so many for each note."""


@dataclass(frozen=True)
class Tally:
    """How many subjects a rule has, and how many of them broke it in each of its ways."""

    subjects: int
    broken: tuple[int, ...]
    unclear: int


@dataclass(frozen=True)
class Place:
    """Where a subject stands, of whom it tells there, and which of the rule's notes fit it."""

    store: int
    ping: str | None
    person: str | None
    source: str
    position: int | None
    moment: int | None
    event: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Breach:
    """One subject that broke a rule, in which of its ways (0 is the rule's own), and the places.

    `notes` are what the places can show, from what came before to what breaks the promise.
    """

    way: int
    subject: Mapping[str, Any]
    notes: tuple[str, ...]
    places: list[Place] = field(default_factory=list)


class RuleCrashError(Exception):
    """The engine could not run a rule. The message names the kind of failure, never a value."""


class DuckDB:
    """A session over one audit's base tables. A context: leaving it drops everything."""

    def __init__(self, tables: "Mapping[str, pa.Table]", memory: str | None = None) -> None:
        """Take the tables by name; `memory` is a limit such as `4GB`."""
        import duckdb

        self._failure = duckdb.Error
        self._session = duckdb.connect(config={"threads": 2} | _limit(memory))
        for name, table in tables.items():
            self._session.register(name, table)
        # Nothing but the tables is an input: no file, no extension, no network.
        self._session.execute("SET enable_external_access = false")
        self._session.execute("SET lock_configuration = true")
        self._made: set[str] = set()

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

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A relation's rows, made first where it is a view."""
        self._make(name)
        return self._rows(f"SELECT * FROM {_quoted(name)}")

    def columns(self, name: str) -> list[str]:
        """The names of a relation's columns."""
        self._make(name)
        found = self._run(f"SELECT * FROM {_quoted(name)} LIMIT 0")
        return [column[0] for column in found.description]

    def tally(self, view: str, rules: Sequence[Rule]) -> list[Tally]:
        """Count all rules over one view, in one pass. Raises RuleCrashError."""
        self._make(view)
        columns = ", ".join(
            f"count(*) FILTER (WHERE {predicate}) AS {_quoted(f'{number}.{name}')}"
            for number, rule in enumerate(rules)
            for name, predicate in _counted(rule).items()
        )
        (row,) = self._rows(f"SELECT {columns} FROM {_quoted(view)}")
        counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
        for name, count in row.items():
            number, _, what = name.partition(".")
            counts[int(number)][what] = count
        return [_tally(counts[number], rule) for number, rule in enumerate(rules)]

    def breaches(self, rule: Rule) -> Iterator[Breach]:
        """The subjects that broke the rule, each with its places. Raises RuleCrashError."""
        view = views.load()[rule.examines]
        for way, predicate in enumerate(_ways(rule)):
            notes = rule.lesser[way - 1].shows or rule.shows if way else rule.shows
            found: dict[Any, Breach] = {}
            for row in self._rows(_places_query(view, predicate, notes)):
                subject = row["subject"]
                breach = found.setdefault(subject[view.key], Breach(way, subject, tuple(notes)))
                breach.places.append(_place(row, notes))
            yield from found.values()

    def _make(self, name: str) -> None:
        if name not in views.load():
            return
        for view in views.needed([name]):
            if view.name not in self._made:
                what = "TABLE" if view.key else "VIEW"
                self._run(f"CREATE TEMP {what} {_quoted(view.name)} AS {view.sql}")
                self._made.add(view.name)

    def _rows(self, query: str) -> list[dict[str, Any]]:
        found = self._run(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _run(self, query: str) -> Any:  # noqa: ANN401 - duckdb's connection, which is imported late
        try:
            return self._session.execute(query)
        except self._failure as error:
            # The engine's message may quote data, so only its kind is kept.
            raise RuleCrashError(type(error).__name__) from None


def _limit(memory: str | None) -> dict[str, str | bool | int | float | list[str]]:
    return {"memory_limit": memory} if memory else {}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _ways(rule: Rule) -> list[str]:
    """The predicate of each way to break a rule: its own first, each without those before."""
    ways, left = [], f"coalesce(({rule.subjects}), FALSE)"
    for predicate in (rule.broken_when, *(lesser.when for lesser in rule.lesser)):
        true = f"coalesce(({predicate}), FALSE)"
        ways.append(f"{left} AND {true}")
        left += f" AND NOT {true}"
    return ways


def _counted(rule: Rule) -> dict[str, str]:
    ways = _ways(rule)
    broken = " OR ".join(f"({way})" for way in ways)
    subjects = f"coalesce(({rule.subjects}), FALSE)"
    unclear = f"coalesce(({rule.unclear.when if rule.unclear else 'FALSE'}), FALSE)"
    return {
        "subjects": subjects,
        "unclear": f"{subjects} AND {unclear} AND NOT ({broken})",
        **{f"way {number}": way for number, way in enumerate(ways)},
    }


def _tally(counts: Mapping[str, int], rule: Rule) -> Tally:
    broken = tuple(counts[f"way {way}"] for way in range(1 + len(rule.lesser)))
    return Tally(counts["subjects"], broken, counts["unclear"])


def _places_query(view: views.View, predicate: str, notes: Mapping[str, str]) -> str:
    """Places of the subjects that the predicate picks: the first ones, and of each note's too."""
    key, places = _quoted(view.key or ""), _quoted(view.places or "")
    shown = ", ".join(
        f"coalesce(({fits}), FALSE) AS {_quoted(f'note {number}')}"
        for number, fits in enumerate(notes.values())
    )
    first = "".join(
        f" OR ({flag} AND sum(CAST({flag} AS INTEGER)) OVER turns <= {FIRST_PLACES})"
        for flag in (_quoted(f"note {number}") for number, _ in enumerate(notes))
    )
    return f"""
        WITH broken AS (SELECT * FROM {_quoted(view.name)} WHERE {predicate}),
        standing AS (
            SELECT store_number, ping, person, source, position, moment, event, sequence,
                broken AS subject, {shown}
            FROM {places} JOIN broken USING ({key})
        )
        SELECT * FROM standing
        WINDOW turns AS (
            PARTITION BY subject.{key}
            ORDER BY sequence NULLS LAST, moment NULLS LAST, ping, source, position, event
            ROWS UNBOUNDED PRECEDING
        )
        QUALIFY row_number() OVER turns <= {FIRST_PLACES}{first}
        ORDER BY sequence NULLS LAST, moment NULLS LAST, ping, source, position, event
    """


def _place(row: Mapping[str, Any], notes: Mapping[str, str]) -> Place:
    fitting = tuple(note for number, note in enumerate(notes) if row[f"note {number}"])
    where = (row["store_number"], row["ping"], row["person"], row["source"], row["position"])
    return Place(*where, row["moment"], row["event"], fitting)
