"""What is planted: the histories by which rules are explained, each lived by people of its own."""

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from auditor.history import Moment, raw
from auditor.rule import Rule
from auditor.simulate.distributions import DAY, NUMBERS
from auditor.simulate.pings import Told, told_of
from auditor.stores.histories import FIRST_DAY, written
from auditor.stores.own.messages import as_kept
from auditor.stores.plain import CANARY
from auditor.stores.tables import Profile, Recipe, Record

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WITHIN = 20
"""Days within which planted histories begin."""


History = Sequence[Moment]


@dataclass(frozen=True)
class Person:
    """One who lives through a history of a rule: what breaks it, or what nearly does.

    `name` is that of the sources in which what is recorded of the person stands.
    """

    name: str
    rule: str
    breaks: bool
    pings: list[Told] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    recipes: list[Recipe] = field(default_factory=list)

    @property
    def client(self) -> str | None:
        """The first client id that the person's pings have."""
        known = (told["client_id"] for told in self.pings)
        return next((client for client in known if client not in (None, CANARY)), None)


def plant(
    rules: Iterable[tuple[Rule, int]], seed: int, missing: Callable[[History], str | None]
) -> Iterator[Person]:
    """People for each rule: so many who break it, and as many who nearly do.

    Only those of whose histories nothing is `missing` in what they are planted in.
    """
    for rule, times in rules:
        for history, breaks in ((rule.breaks, True), (rule.keeps, False)):
            if not missing(history):
                for copy in range(times):
                    yield _live(rule, history, breaks, f"{seed} {rule.name} {breaks} {copy}")


def missing_at_server(history: History) -> str | None:
    """What of a history no server ever has, or None."""
    if any(moment.what == "record" for moment in history):
        return "records on disk"
    if any((moment.document_type or "").startswith("glean:") for moment in history):
        return "pings of Glean"
    return None


def _live(rule: Rule, history: History, breaks: bool, name: str) -> Person:  # noqa: FBT001
    """One person's life: the history with identifiers and days of its own."""
    intake = written([history])
    kept = {CANARY, *(moment.id for moment in history if isinstance(moment.id, raw))}
    fresh = partial(_fresh, name, kept)
    days = int.from_bytes(_digest(name)) % _WITHIN
    later = int(NUMBERS["first_day"]) - FIRST_DAY + days * DAY
    number = int.from_bytes(_digest(f"number {name}")[:6])
    person = Person(f"planted {number}", rule.name, breaks, recipes=intake.recipes)
    marks = {"profile": f"profile of {person.name}", "source": person.name}
    for message in as_kept(intake.messages):
        told = fresh(told_of(message))
        told |= {key: told[key] + later for key in ("created", "received", "process_start")}
        told["profile"] = told["profile"] and marks["profile"]
        person.pings.append(told)
    for rows, made in ((intake.records, person.records), (intake.profiles, person.profiles)):
        made += [_own(row, fresh, marks, later, number) for row in rows]
    return person


def _own(row: Any, fresh: Any, marks: dict[str, str], later: int, number: int) -> Any:  # noqa: ANN401 - a row of either table
    """A record or profile as the person's own."""
    told = row._replace(snapshot=row.snapshot + later, number=row.number + number)
    return type(row)(**(fresh(told._asdict()) | marks))


def _fresh(name: str, kept: set[str], told: dict[str, Any]) -> dict[str, Any]:
    """The same with UUIDs that nobody else has, but for those that are meant as they are."""

    def other(found: re.Match[str]) -> str:
        return found[0] if found[0] in kept else _identifier(f"{name} {found[0]}")

    made: dict[str, Any] = json.loads(_UUID.sub(other, json.dumps(told)))
    return made


def _identifier(name: str) -> str:
    """A UUID as browsers make them (version 4), the same for the same name."""
    return str(uuid.UUID(bytes=_digest(name), version=4))


def _digest(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=16).digest()
