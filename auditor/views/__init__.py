"""The views: SQL files that turn base tables into the subjects of rules.

A file begins with a comment: what one row is, then `reads:` (the base tables without which there
is nothing to see), and for a view that rules may examine `key:` (the column that names a subject)
and `places:` (the relation in which each subject's places stand, under the same key). A relation of
places tells by which column it is `sharded:` a shard has the rows of its own people, or of its own
shapes and texts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Self

_FACT = re.compile(r"^-- (reads|key|places|sharded): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class View:
    """One view. `key` and `places` are None for a relation that only serves others.

    `sharded` is the column by which its rows are divided among shards; None where all have all.
    """

    name: str
    sql: str
    reads: frozenset[str]
    key: str | None
    places: str | None
    sharded: str | None = None

    def where(self, predicate: str) -> Self:
        """The same view with the rows that the predicate picks."""
        whole = f"(\n{self.sql}\n) AS whole"
        return replace(self, sql=f"SELECT * FROM {whole} WHERE {predicate}")  # noqa: S608 - our own

    def names(self, candidates: Iterable[str]) -> Iterator[str]:
        """Which of `candidates` the view and its places are made of."""
        sources = set(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", self.sql)) | {self.places or ""}
        return (name for name in candidates if name in sources)


@cache
def load() -> dict[str, View]:
    """Every view by name."""
    found = {}
    for file in sorted(files(__name__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            name = file.name.removesuffix(".sql")
            found[name] = _parse(name, file.read_text(encoding="utf-8"))
    return found


def needed(names: Iterable[str]) -> list[View]:
    """These views and all that they are made of, each after what it is made of."""
    views, done = load(), dict[str, View]()

    def visit(name: str) -> None:
        if name not in done:
            for other in views[name].names(views):
                visit(other)
            done[name] = views[name]

    for name in names:
        visit(name)
    return list(done.values())


def _parse(name: str, sql: str) -> View:
    facts = {what: text.split() for what, text in _FACT.findall(sql)}
    key, places, sharded = (facts.get(what, [None])[0] for what in ("key", "places", "sharded"))
    return View(name, sql, frozenset(facts["reads"]), key, places, sharded)
