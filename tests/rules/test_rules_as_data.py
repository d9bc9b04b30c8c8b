"""Every rule as data: its words, its clause, and the SQL of its predicates."""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from auditor import views
from auditor.audit import Options, audit, engine_over, prepare
from auditor.contract import load_contract
from auditor.readings import Contracts
from auditor.rule import ENROLLMENT_IDS, Lesser, Rule, load_rules
from auditor.stores import as_stores

RECORDINGS = Path("tests/recordings")
DOCUMENT = (RECORDINGS / "data-collection.rst").read_text(encoding="utf-8")
PLATFORM = (RECORDINGS / "platform-limits.txt").read_text(encoding="utf-8")

FUNCTIONS = {
    # Spark has each of these, under the name that sqlglot gives it.
    "And", "Between", "Coalesce", "Contains", "In", "Is", "Length", "Not", "Or", "RegexpLike",
}  # fmt: skip


@pytest.fixture(scope="module")
def columns() -> dict[str, set[str]]:
    """The columns of every relation that rules see, from an engine over an empty store."""
    contracts = Contracts()
    with engine_over(as_stores([]), contracts, Options()) as engine:
        prepare("event_shapes", engine, contracts)
        prepare("uptake_shapes", engine, contracts)
        return {name: set(engine.columns(name)) for name in views.load()}


def predicates(rule: Rule) -> dict[str, str]:
    """Every predicate over subjects, by what it is for."""
    unclear = {"unclear": rule.unclear.when} if rule.unclear else {}
    lesser = {f"lesser {number}": part.when for number, part in enumerate(rule.lesser)}
    return {"subjects": rule.subjects, "broken": rule.broken_when} | unclear | lesser


def placed(rule: Rule) -> list[str]:
    """Every predicate over the places of a subject."""
    every: list[Rule | Lesser] = [rule, *rule.lesser]
    return [fits for part in every for fits in part.shows.values()]


def parsed(predicate: str) -> exp.Expr:
    """The predicate's tree."""
    return sqlglot.parse_one(predicate, dialect="duckdb")


def used(predicate: str) -> set[str]:
    """The columns that the predicate names."""
    return {column.name for column in parsed(predicate).find_all(exp.Column)}


def test_the_clause_stands_word_for_word_in_its_source(rule: Rule) -> None:
    """Line breaks aside, the document (or the platform, where the rule names it) says this."""
    source = PLATFORM.partition(f"{rule.source}:")[2] if rule.source else DOCUMENT
    assert " ".join(rule.clause.split()) in " ".join(source.split())


def test_the_promise_is_one_sentence(rule: Rule) -> None:
    """The title of every report: a capital, a full stop, and nothing after it."""
    assert re.fullmatch(r"[A-Z][^.]*\.", rule.promise)


def test_the_explanation_says_what_the_rule_cannot_see(rule: Rule) -> None:
    """No rule sees everything, and a reviewer is told what it misses."""
    assert "Cannot see:" in rule.explanation


def test_what_to_do_is_sentences(rule: Rule) -> None:
    """Whoever has to mend a breach is told how, in whole sentences that fit a paragraph."""
    assert re.fullmatch(r"[A-Z].{60,400}\.", rule.mend)


def test_what_to_do_is_told_of_this_rule(rule: Rule) -> None:
    """No two rules give the same advice."""
    assert [rule.name] == [each.name for each in load_rules() if each.mend == rule.mend]


def test_predicates_name_columns_of_the_view(rule: Rule, columns: dict[str, set[str]]) -> None:
    """A misspelt column would crash the audit of whoever meets it first."""
    named = set().union(*(used(predicate) for predicate in predicates(rule).values()))
    assert named <= columns[rule.examines]


def test_notes_name_columns_of_the_subject_or_its_place(
    rule: Rule, columns: dict[str, set[str]]
) -> None:
    """What a place shows is told by the place and its subject."""
    places = views.load()[rule.examines].places or ""
    named = set().union(*(used(predicate) for predicate in placed(rule)))
    assert named <= columns[rule.examines] | columns[places]


def test_sentences_name_columns_of_the_view(rule: Rule, columns: dict[str, set[str]]) -> None:
    """A finding's sentence has nothing in braces that the engine does not know."""
    sentences = " ".join([rule.says, *(lesser.says for lesser in rule.lesser)])
    assert set(re.findall(r"\{(\w+)\}", sentences)) <= columns[rule.examines]


def test_predicates_use_functions_that_every_engine_has(rule: Rule) -> None:
    """What is not on the list has to be met in a view, where the engines' difference is known."""
    found = {
        type(node).__name__
        for predicate in (*predicates(rule).values(), *placed(rule))
        for node in parsed(predicate).find_all(exp.Func)
    }
    assert found <= FUNCTIONS


def test_the_versions_with_enrollment_ids_are_those_of_the_contract() -> None:
    """The rules and Firefox 115's contract agree on which versions have IDs."""
    versions = load_contract("firefox-115").versions
    assert versions is not None
    assert (ENROLLMENT_IDS.first, ENROLLMENT_IDS.last) == (versions.first, versions.last)


def test_all_rules_run_together_as_they_do_alone() -> None:
    """Fusing the rules over a view into one pass changes no verdict."""
    rules = load_rules()
    history = [moment for rule in rules for moment in rule.breaks]
    together = audit(as_stores(history), rules).verdicts
    alone = tuple(audit(as_stores(history), [rule]).verdicts[0] for rule in rules)
    assert alone == together
