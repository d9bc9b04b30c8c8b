"""Preference values that prove something when found in a text, and the forms they could take there.

A value that anybody's text may hold proves nothing: a boolean, a one-digit number, a name that the
recipe gives itself. Such a value is only looked for as `name=value`.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from auditor.stores.tables import Recipe

LONG = 6
"""Characters from which a value is looked for inside longer texts, and not only as a whole one."""

CUT = 8
"""Characters of a value that must stand before a limit cut the rest."""

LIMIT = 80
"""Bytes at which Telemetry cuts the texts of an event."""

_PLAIN_WORD = re.compile(r"[a-z]{1,8}|[A-Z][a-z]{0,7}")
_EMPTY = {"true", "false", "null", "undefined", "default", "user", "none", ""}


class Form(NamedTuple):
    """One text that a value could have become; `place` is `whole`, `inside` or `end` of a text."""

    form: str
    how: str
    place: str


def known_names(recipes: Iterable[Recipe]) -> set[str]:
    """What recipes call their studies, branches and preferences: no value, wherever it stands."""
    names: set[str | None] = set()
    for recipe in recipes:
        names |= {recipe.slug, recipe.branch, recipe.preference}
    return {cut(name) for name in names if name}


def proves(value: str, names: set[str]) -> bool:
    """Whether finding this text means that the value was reported."""
    return value.lower() not in _EMPTY and len(value) > 1 and cut(value) not in names


def stands_out(value: str) -> bool:
    """Whether the value can be told inside a longer text: it is long, and no plain word."""
    return len(value) >= LONG and not _PLAIN_WORD.fullmatch(value)


def forms(recipes: Iterable[Recipe], names: set[str]) -> list[Form]:
    """Every form to look for, in a fixed order."""
    found: set[Form] = set()
    for recipe in recipes:
        found.update(_assigned(recipe.preference, recipe.value))
        if proves(recipe.value, names):
            found.update(_forms(recipe.value))
    return sorted(found)


def cut(text: str) -> str:
    """The text as Telemetry cuts it: 80 bytes of UTF-8, at a whole character."""
    return text.encode()[:LIMIT].decode(errors="ignore")


def _assigned(name: str, value: str) -> Iterator[Form]:
    for sign in ("=", ":", ": ", " = "):
        yield Form(cut(f"{name}{sign}{value}"), "as name=value", "inside")


def _forms(value: str) -> Iterator[Form]:
    yield Form(cut(value), "whole", "whole")
    if not stands_out(value):
        return
    yield Form(cut(value), "inside a longer text", "inside")
    for form in {*encoded(value)} - {value}:
        yield Form(form[:LIMIT], "encoded", "inside")
    for length in range(CUT, len(value)):
        yield Form(value[:length], "cut by a limit", "end")


def encoded(value: str) -> Iterator[str]:
    """The value in each encoding that is looked for, always in the same order."""
    yield from (quote(value, safe=""), value.encode().hex(), *_base64(value))


def _base64(value: str) -> Iterator[str]:
    """The characters that base64 gives the value wherever it begins in the encoded text."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + value.encode()).decode().rstrip("=")
        first, whole = -(-before * 8 // 6), (before + len(value.encode())) * 8 // 6
        yield coded[first:whole]
