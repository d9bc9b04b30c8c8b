"""What is asked of an engine, as SQL in DuckDB's dialect, and what its answers mean."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor import views
from auditor.rule import Rule

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


class NoEngineError(Exception):
    """The engine that was asked for cannot be started."""


class RuleCrashError(Exception):
    """The engine could not run a rule. The message names the kind of failure, never a value."""


def tally_query(view: str, rules: Sequence[Rule]) -> str:
    """One pass over a view that counts for all rules."""
    columns = ", ".join(
        f"count(*) FILTER (WHERE {predicate}) AS {quoted(f'{number}.{name}')}"
        for number, rule in enumerate(rules)
        for name, predicate in _counted(rule).items()
    )
    return f"SELECT {columns} FROM {quoted(view)}"


def tallies(row: Mapping[str, int], rules: Sequence[Rule]) -> list[Tally]:
    """What that pass counted, rule by rule."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for name, count in row.items():
        number, _, what = name.partition(".")
        counts[int(number)][what] = count
    return [_tally(counts[number], rule) for number, rule in enumerate(rules)]


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def ways(rule: Rule) -> list[str]:
    """The predicate of each way to break a rule: its own first, each without those before."""
    found, left = [], f"coalesce(({rule.subjects}), FALSE)"
    for predicate in (rule.broken_when, *(lesser.when for lesser in rule.lesser)):
        true = f"coalesce(({predicate}), FALSE)"
        found.append(f"{left} AND {true}")
        left += f" AND NOT {true}"
    return found


def kept(rule: Rule) -> str:
    """The predicate of the subjects that put the promise to the test, and keep it."""
    counted = _counted(rule)
    broken = " OR ".join(f"({way})" for way in ways(rule))
    return f"{counted['subjects']} AND NOT ({counted['unclear']}) AND NOT ({broken})"


def _counted(rule: Rule) -> dict[str, str]:
    each = ways(rule)
    broken = " OR ".join(f"({way})" for way in each)
    subjects = f"coalesce(({rule.subjects}), FALSE)"
    unclear = f"coalesce(({rule.unclear.when if rule.unclear else 'FALSE'}), FALSE)"
    return {
        "subjects": subjects,
        "unclear": f"{subjects} AND {unclear} AND NOT ({broken})",
        **{f"way {number}": way for number, way in enumerate(each)},
    }


def _tally(counts: Mapping[str, int], rule: Rule) -> Tally:
    broken = tuple(counts[f"way {way}"] for way in range(1 + len(rule.lesser)))
    return Tally(counts["subjects"], broken, counts["unclear"])


def subjects_query(view: views.View, predicate: str) -> str:
    """The subjects that the predicate picks."""
    return f"SELECT * FROM {quoted(view.name)} WHERE {predicate}"


def broken_places_query(view: views.View, rules: Sequence[Rule]) -> str:
    """All places of the subjects that break any of the rules."""
    key = quoted(view.key or "")
    broken = " OR ".join(f"({way})" for rule in rules for way in ways(rule))
    subjects = f"SELECT {key} FROM {quoted(view.name)} WHERE {broken}"
    return f"SELECT * FROM {quoted(view.places or '')} WHERE {key} IN ({subjects})"


def places_query(
    view: views.View, predicate: str, notes: Mapping[str, str], relation: str, most: int
) -> str:
    """Places of the subjects that the predicate picks: the first ones, and of each note's too.

    They stand in the relation.
    """
    key, places = quoted(view.key or ""), quoted(relation)
    shown = ", ".join(
        f"coalesce(({fits}), FALSE) AS {quoted(f'note {number}')}"
        for number, fits in enumerate(notes.values())
    )
    first = "".join(
        f" OR ({flag} AND sum(CAST({flag} AS INTEGER)) OVER turns <= {most})"
        for flag in (quoted(f"note {number}") for number, _ in enumerate(notes))
    )
    return f"""
        WITH broken AS ({subjects_query(view, predicate)}),
        standing AS (
            SELECT {key} AS subject, store_number, ping, person, source, position, moment, event,
                sequence, {shown}
            FROM {places} JOIN broken USING ({key})
        )
        SELECT * FROM standing
        WINDOW turns AS (
            PARTITION BY subject
            ORDER BY sequence NULLS LAST, moment NULLS LAST, ping, source, position, event
            ROWS UNBOUNDED PRECEDING
        )
        QUALIFY row_number() OVER turns <= {most}{first}
        ORDER BY sequence NULLS LAST, moment NULLS LAST, ping, source, position, event
    """


def place(row: Mapping[str, Any], notes: Mapping[str, str]) -> Place:
    """A row of the places, with the notes that fit it."""
    fitting = tuple(note for number, note in enumerate(notes) if row[f"note {number}"])
    where = (row["store_number"], row["ping"], row["person"], row["source"], row["position"])
    return Place(*where, row["moment"], row["event"], fitting)
