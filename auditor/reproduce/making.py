"""The rows of a reproducer: its finding is found, the stores cut down, what is left disguised."""

import re
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

from auditor import values, views
from auditor.engines.asking import Breach
from auditor.failures import UsageError
from auditor.reproduce.deltas import smallest
from auditor.reproduce.disguise import Disguise, free_texts
from auditor.reproduce.narrowing import narrowed
from auditor.reproduce.roles import Role
from auditor.reproduce.rows import Row, Tables, as_tables, values_in
from auditor.reproduce.secrecy import Secrets
from auditor.reproduce.sights import Judge, Sight, sight_of
from auditor.rule import Rule, load_rules
from auditor.stores import Step, Stores
from auditor.verdicts import fingerprint_of

_BEGINNING = re.compile(r"[0-9a-f]{4,32}")
"""A fingerprint, or as much of its beginning as people copy."""


@dataclass(frozen=True)
class Reproducer:
    """Few rows that break a rule, and what is to be seen in them."""

    rule: Rule
    sight: Sight
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Given:
    """What a reproducer is made from: stores, their tables as recorded, and a key of any length."""

    stores: Stores
    recorded: Tables
    judge: Judge
    key: bytes


def made(fingerprint: str, given: Given, step: Step = nullcontext) -> Reproducer:
    """The reproducer of the finding with that fingerprint, or one that begins so.

    Raises UsageError when there is no such finding, or no reproducer can be made of it.
    """
    with step("looking for the finding"):
        rule, breach = find(fingerprint, given.stores, given.judge)
    sight = sight_of(rule, breach)

    def shows(rows: Sequence[Row]) -> bool:
        return given.judge.sees(sight, rule, as_tables(rows))

    with step("leaving out what the finding does not need"):
        reads = views.load()[rule.examines].reads
        rows = narrowed(breach, given.stores.tables.whole(), given.recorded, reads, shows)
    if not rows:
        message = "the finding is not seen again in what our own store keeps of these stores"
        raise UsageError(message)
    with step("replacing identifiers and texts"):
        plain, secrets = Reproducer(rule, sight, tuple(rows)), Secrets(given.recorded, given.key)
        return _disguised(plain, given.judge, secrets)


def find(fingerprint: str, stores: Stores, judge: Judge) -> tuple[Rule, Breach]:
    """The one finding whose fingerprint begins so. Raises UsageError when there is not one."""
    hint = "`auditor audit STORE... --format json` lists each finding with its fingerprint"
    if not _BEGINNING.fullmatch(fingerprint):
        message = f"a fingerprint has 32 hexadecimal digits, of which at least 4 are given; {hint}"
        raise UsageError(message)
    found: dict[str, tuple[Rule, Breach]] = {}
    for rule, breach in judge.breaches(stores, sorted(load_rules(), key=_by_view)):
        whole = fingerprint_of(rule, breach)
        if whole.startswith(fingerprint):
            found.setdefault(whole, (rule, breach))
    if len(found) != 1:
        many = f"{len(found)} findings have fingerprints" if found else "no finding has one"
        message = f"{many} that begins with {fingerprint}; {hint}"
        raise UsageError(message.replace("fingerprints that begins", "fingerprints that begin"))
    return found.popitem()[1]


def _by_view(rule: Rule) -> str:
    return rule.examines


def _disguised(plain: Reproducer, judge: Judge, secrets: Secrets) -> Reproducer:
    """The same with other identifiers and texts. What must stay is what a report shows anyway."""
    free = free_texts(plain.rows)
    said = {text for text in free if _is_said(text, plain.sight)}
    shown = judge.codes() | plain.sight.texts | said

    def with_kept(kept: Collection[str]) -> Reproducer:
        disguise = Disguise(secrets, shown | {*kept})
        sight = plain.sight.renamed(partial(disguise.text, Role.FREE))
        return Reproducer(plain.rule, sight, tuple(disguise.rows(plain.rows)))

    def shows(kept: Collection[str]) -> bool:
        other = with_kept(kept)
        return judge.sees(other.sight, other.rule, as_tables(other.rows))

    needed = smallest([text for text in free if text not in shown], shows)
    if not _names(plain.rows).issuperset(needed):
        message = "the finding needs a text of the stores that must not leave them"
        raise UsageError(message)
    return with_kept(needed)


def _names(rows: Sequence[Row]) -> set[str]:
    """What changes, branches and preferences are called, which a report shows as it is."""
    slugs = {row.values.slug for row in rows if hasattr(row.values, "slug")}
    return values.known_names(values_in(rows, "recipes")) | slugs


def _is_said(text: str, sight: Sight) -> bool:
    """Whether the finding's sentence shows the text."""
    alone = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")
    return bool(text) and any(alone.search(said) for said in sight.texts)
