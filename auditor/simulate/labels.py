"""The truth about a fleet: which promises are broken in it, for whom, and where that shows.

What a planted history breaks besides its own rule (an ID that two changes share is malformed as
well, if it was meant to be) is found by auditing the planted people alone, without the fleet. That
the own rule is broken is not: it is so by declaration, whether the audit finds it or not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from auditor import views
from auditor.breaches import breaches_in, severity_of
from auditor.engines.asking import Breach
from auditor.rule import Rule, load_rules
from auditor.simulate.pings import as_message
from auditor.simulate.planting import Person
from auditor.stores import Stores, tables_of
from auditor.stores.intake import Intake
from auditor.stores.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa


class Label(NamedTuple):
    """One promise that is broken for one person.

    `severity` is that of the way in which it is broken. `planted` names the rule whose history the
    person lives, and `history` which of its two: what it `breaks`, or what it `keeps`. `subject` is
    what broke it (an enrollment ID, a change, a text), `pings` the document ids where it shows.
    """

    rule: str
    severity: str
    planted: str
    history: str
    client: str | None
    subject: str | None
    pings: list[str]


def labels_of(people: Sequence[Person], *, at_server: bool) -> list[Label]:
    """Everything that is broken by these people."""
    found = [*_found(people, at_server=at_server)]
    told = {(label.rule, label.client) for label in found}
    severities = {rule.name: rule.severity.value for rule in load_rules()}
    declared = [
        _label(person, person.rule, severities[person.rule], None, [])
        for person in people
        if person.breaks and (person.rule, person.client) not in told
    ]
    return sorted([*found, *declared], key=lambda label: (*label[:4], str(label[4:6])))


def as_table(labels: Iterable[Label]) -> "pa.Table":
    """Labels as a table."""
    import pyarrow as pa

    text = pa.string()
    schema = dict.fromkeys(Label._fields, text) | {"pings": pa.list_(text)}
    rows = [label._asdict() for label in labels]
    return pa.Table.from_pylist(rows, schema=pa.schema([*schema.items()]))


def subject_of(rule: Rule, breach: Breach) -> str:
    """What broke the rule, in a name that does not depend on the store."""
    told = breach.subject
    name = told.get("enrollment_id") or told.get("change")
    return str(name or told[views.load()[rule.examines].key or ""])


def _found(people: Sequence[Person], *, at_server: bool) -> Iterator[Label]:
    stores = _alone(people, at_server=at_server)
    owners = {told["ping"]: person for person in people for told in person.pings}
    named = {person.name: person for person in people}
    for rule, breach in breaches_in(stores, load_rules()):
        shown: defaultdict[str, list[str]] = defaultdict(list)
        for place in breach.places:
            if place.notes:
                owner = owners[place.ping] if place.ping in owners else named[place.source]
                shown[owner.name] += [place.ping] if place.ping else []
        for name, pings in shown.items():
            told = (severity_of(rule, breach).value, subject_of(rule, breach), sorted(set(pings)))
            yield _label(named[name], rule.name, *told)


def _label(
    person: Person, rule: str, severity: str, subject: str | None, pings: list[str]
) -> Label:
    history = "breaks" if person.breaks else "keeps"
    return Label(rule, severity, person.rule, history, person.client, subject, pings)


def _alone(people: Sequence[Person], *, at_server: bool) -> Stores:
    """The planted people as a store of their own."""
    intake = Intake()
    for person in people:
        intake.recipes += person.recipes
        for told in person.pings:
            message = as_message(told, intake.key(0), person.name, at_server=at_server)
            intake.take(0, message)
        if not at_server:
            intake.records += person.records
            intake.profiles += person.profiles
    return Stores(tables_of(intake), (), frozenset({*TABLES, "switches"}), b"planted")
