"""Every mutant of the project, by name, and what puts each in force."""

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from auditor import contract, views
from auditor.rule import Lesser, Rule, load_rules
from auditor.stores import timeline
from auditor.written import Written
from tests.mutation import statements, tables

_MODULES = ("contract", "lookups", "readings", "values", "verdicts")
_SQL = ("auditor/views", "auditor/stores/settled")

Change = tuple[str, Callable[[], None]]
"""What is changed, and what puts it in force in the process that calls it."""


@dataclass(frozen=True)
class Mutant:
    """One change to one part of the project. `name` begins with the part, a file's path."""

    part: str
    name: str
    apply: Callable[[], None]


def parts() -> list[str]:
    """The files that are mutated, by path."""
    rules = [f"rules/{rule.name}.py" for rule in load_rules()]
    files = [file.as_posix() for place in _SQL for file in sorted(Path(place).glob("*.sql"))]
    toml = [file.as_posix() for file in sorted(Path("rules/contracts").glob("*.toml"))]
    return [*rules, *files, *toml, *(f"auditor/{name}.py" for name in _MODULES)]


def mutants(part: str) -> list[Mutant]:
    """Every mutant of a part: the same names in every run, and no name twice."""
    named: dict[str, Mutant] = {}
    for what, apply in _changes(part):
        name, again = f"{part}: {what}", 1
        while name in named:
            again += 1
            name = f"{part}: {what} ({again})"
        named[name] = Mutant(part, name, apply)
    return list(named.values())


def control(part: str) -> Mutant | None:
    """The query as sqlglot writes it, with nothing changed: what has to pass every test."""
    if not part.endswith(".sql"):
        return None
    put, query = _put_query(part), _query(part)
    return Mutant(part, f"{part}: nothing", lambda: put(statements.unchanged(query)))


def _changes(part: str) -> Iterator[Change]:
    file = Path(part)
    if part.endswith(".sql"):
        for what, text in statements.mutants(_query(part)):
            yield what, partial(_put_query(part), text)
    elif part.endswith(".toml"):
        yield from _of_contract(file)
    elif part.startswith("rules/"):
        yield from _of_rule(next(rule for rule in load_rules() if rule.name == file.stem))
    else:
        # Only here, so that the sample needs no cosmic-ray.
        from tests.mutation import functions

        module = importlib.import_module(f"auditor.{file.stem}")
        for what, inside, apply in functions.mutants(module):
            yield f"{inside}: {what}", apply


def _query(part: str) -> str:
    name = Path(part).stem
    return views.load()[name].sql if part.startswith(_SQL[0]) else timeline._sql(name)


def _put_query(part: str) -> Callable[[str], None]:
    name = Path(part).stem
    return partial(_put_view if part.startswith(_SQL[0]) else _put_settled, name)


def _put_view(name: str, sql: str) -> None:
    views.load()[name] = replace(views.load()[name], sql=sql)


def _put_settled(name: str, sql: str) -> None:
    plain = timeline._sql
    pytest.MonkeyPatch().setattr(
        timeline, "_sql", lambda asked: sql if plain(asked) and asked == name else plain(asked)
    )


def _of_rule(rule: Rule) -> Iterator[Change]:
    for told, predicate, put in _predicates(rule):
        for what, text in statements.mutants(predicate):
            yield f"{told}: {what}", partial(put, text)


def _predicates(rule: Rule) -> Iterator[tuple[str, str, Callable[[str], None]]]:
    """Every predicate of a rule: what it is for, the text, and what puts another in its place."""
    for name in ("subjects", "broken_when"):
        yield name, getattr(rule, name), partial(_put, rule, name)
    if rule.unclear:
        yield "unclear", rule.unclear.when, partial(_put, rule.unclear, "when")
    yield from _notes("shows", rule)
    for number, lesser in enumerate(rule.lesser, start=1):
        yield f"lesser {number}", lesser.when, partial(_put, lesser, "when")
        yield from _notes(f"lesser {number} shows", lesser)


def _notes(told: str, part: Rule | Lesser) -> Iterator[tuple[str, str, Callable[[str], None]]]:
    for note, fits in part.shows.items():
        yield f"{told} {note!r}", fits, partial(part.shows.__setitem__, note)


def _put(model: object, field: str, text: str) -> None:
    """A field of a frozen model, in place: whoever holds the rule is to meet the mutant."""
    fields: dict[str, Any] = model.__dict__
    fields[field] = text


def _of_contract(file: Path) -> Iterator[Change]:
    for what, table in tables.mutants(Written(file, ValueError).table()):
        if _is_contract(file, table):
            yield what, partial(_put_table, pytest.MonkeyPatch(), file, table)


def _put_table(patch: pytest.MonkeyPatch, file: Path, table: tables.Table) -> None:
    read, wanted = Written.table, file.resolve()

    def mutated(written: Written) -> tables.Table:
        return tables.copied(table) if written.file.resolve() == wanted else read(written)

    patch.setattr(Written, "table", mutated)


def _is_contract(file: Path, table: tables.Table) -> bool:
    """Whether the table is a contract at all: what is refused at once needs no test of ours."""
    with pytest.MonkeyPatch.context() as patch:
        _put_table(patch, file, table)
        try:
            contract.load_contract(file.stem)
        except contract.ContractError:
            return False
    return True
