"""A fleet from the request to its files: what is planted, the store, the labels."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from auditor.failures import UsageError
from auditor.rule import Rule, load_rules
from auditor.simulate import exports, labels, own, profiles
from auditor.simulate.forms import Form
from auditor.simulate.healthy import shards
from auditor.simulate.planting import History, Person, missing_at_server, plant
from auditor.stores.beside import LABELS

SHARD = 25_000
"""Clients that are drawn at once: memory depends on it, and not on the number of clients."""

TIMES = 5
"""How often each rule is planted, where nobody says."""

THREADS = 2

Missing = Callable[[History], str | None]

_MISSING: dict[Form, tuple[Missing, str]] = {
    Form.SQLITE: (lambda _: None, "a store"),
    Form.PROFILES: (profiles.missing_in_profiles, "a simulated profile"),
}
"""What of a history a form cannot hold, where it is not what a server has."""


@dataclass(frozen=True)
class Request:
    """What fleet is wanted. `times` says how often each rule is planted, by name."""

    clients: int
    seed: int
    into: Path
    form: Form = Form.PARQUET
    times: Mapping[str, int] | None = None


def simulate(request: Request) -> str:
    """Write the fleet and its labels, and tell what was written. Raises UsageError."""
    people = [*_planted(request)]
    _make(request.into)
    events = _write(request, people)
    found = labels.labels_of(people, at_server=_at_server(request)) if people else []
    _write_labels(request.into, found)
    _write_recipes(request.into, people)
    planted = f"{len(found)} labels" if found else "nothing planted"
    return f"{request.into}: {request.clients} clients, {events} events, {planted}"


def planting_of(text: str) -> dict[str, int]:
    """How often each rule is planted: `none`, `all`, `all=K` or `RULE=K,...`.

    Raises UsageError.
    """
    rules, times = {rule.name for rule in load_rules()}, dict[str, int]()
    for part in [] if text == "none" else text.split(","):
        name, _, number = part.partition("=")
        if name not in {*rules, "all"} or not (number or str(TIMES)).isdecimal():
            message = f"--plant {part}: is no rule, or no rule and number"
            raise UsageError(message)
        chosen = rules if name == "all" else {name}
        times |= dict.fromkeys(chosen, int(number or TIMES))
    return times


def _at_server(request: Request) -> bool:
    return request.form not in {Form.SQLITE, Form.PROFILES}


def _planted(request: Request) -> Sequence[Person]:
    """The people to be planted. What the form cannot hold is named."""
    wanted = request.times or {}
    rules = [(rule, wanted[rule.name]) for rule in load_rules() if wanted.get(rule.name)]
    if rules and request.form is Form.FLATTENED:
        message = "--form flattened: holds no pings, so that nothing can be planted in it"
        raise UsageError(message)
    missing, where = _MISSING.get(request.form, (missing_at_server, "a server"))
    for rule, _ in rules:
        _tell_missing(rule, missing, where)
    return [*plant(rules, request.seed, missing)]


def _tell_missing(rule: Rule, missing: Missing, where: str) -> None:
    for history, what in (
        (rule.breaks, "not planted"),
        (rule.keeps, "planted without near misses"),
    ):
        if lacking := missing(history):
            sys.stderr.write(f"auditor: {rule.name}: {what}: {where} has no {lacking}\n")


def _make(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = f"{folder}: is there already; a fleet is written into a directory of its own"
        raise UsageError(message)
    folder.mkdir(parents=True, exist_ok=True)


def _write(request: Request, people: Sequence[Person]) -> int:
    if request.form is Form.SQLITE:
        return own.write_store(request.into / "fleet.db", request.clients, request.seed, people)
    folder = request.into / "fleet"
    folder.mkdir()
    if request.form is Form.PROFILES:
        return profiles.write_profiles(folder, request.clients, request.seed, people)
    flattened = request.form is Form.FLATTENED
    tables = exports.FLATTENED if flattened else exports.NESTED
    form = "parquet" if flattened else request.form.value
    pings = [told for person in people for told in person.pings]
    written = exports.write_planted(folder, tables, form, pings) if pings else 0
    writing = partial(exports.write_healthy, folder, tables, form, request.seed)
    with ThreadPoolExecutor(THREADS) as pool:
        return written + sum(pool.map(writing, shards(request.clients, SHARD)))


def _write_labels(folder: Path, found: Sequence[labels.Label]) -> None:
    import pyarrow.parquet as pq

    table = labels.as_table(found).replace_schema_metadata({LABELS: "1"})
    pq.write_table(table, folder / "labels.parquet")


def _write_recipes(folder: Path, people: Sequence[Person]) -> None:
    """What the server asked for, in the form in which Normandy's server tells it."""
    asked = {recipe for person in people for recipe in person.recipes}
    recipes: list[dict[str, Any]] = [
        {
            "arguments": {
                "slug": recipe.slug,
                "branches": [
                    {
                        "slug": recipe.branch,
                        "preferences": {recipe.preference: {"preferenceValue": recipe.value}},
                    }
                ],
            }
        }
        for recipe in sorted(asked)
    ]
    if recipes:
        path = folder / "recipes.json"
        path.write_text(json.dumps(recipes, indent=2) + "\n", encoding="utf-8")
