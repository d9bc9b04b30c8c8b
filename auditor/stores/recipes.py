"""Recipes as Normandy's server gave them: which preferences were asked for, and with what values.

Any JSON in which recipes stand will do: the API's list, a Remote Settings collection (`data`, each
with `recipe`), or a single recipe. Source: the schemas of Normandy's actions.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.stores.files import Source
from auditor.stores.packed import parse_json
from auditor.stores.records import Found, as_word
from auditor.stores.tables import Recipe

LARGEST = 16 * 1024 * 1024
"""Bytes of a file of recipes: those of all years together take a few million."""


def read_recipes(path: Path) -> list[Recipe]:
    """The preferences in a file of recipes. Raises UnreadableError."""
    source, found = Source(path), Found()
    for arguments in _arguments(parse_json(source.read(path, LARGEST), LARGEST)):
        for branch, name, value in _asked(arguments):
            found.add_value(path.name, {"branch": branch, **arguments}, name, value)
    return found.recipes


def _arguments(value: object) -> Iterator[dict[str, Any]]:
    """The arguments of every recipe, wherever it stands and however deep."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict) and isinstance(part.get("arguments"), dict):
            yield part["arguments"]
        elif isinstance(part, dict | list):
            inside = part.values() if isinstance(part, dict) else part
            waiting.extend(reversed(inside))


def _asked(arguments: dict[str, Any]) -> Iterator[tuple[object, str, object]]:
    """Branch, preference and value: of rollouts, of studies, and of studies of one preference."""
    for preference in _objects(arguments.get("preferences")):
        yield None, as_word(preference.get("preferenceName")), preference.get("value")
    for branch in _objects(arguments.get("branches")):
        preferences = branch.get("preferences")
        for name, preference in (preferences if isinstance(preferences, dict) else {}).items():
            if isinstance(preference, dict):
                yield branch.get("slug"), name, preference.get("preferenceValue")
        if "preferenceName" in arguments:
            yield branch.get("slug"), as_word(arguments["preferenceName"]), branch.get("value")


def _objects(value: object) -> Iterator[dict[str, Any]]:
    return (part for part in (value if isinstance(value, list) else ()) if isinstance(part, dict))
