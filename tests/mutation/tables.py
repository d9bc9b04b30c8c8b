"""Mutants of a contract: an entry, key or code left out, a limit moved, a truth turned round."""

import copy
from collections.abc import Iterator
from typing import Any

Table = dict[str, Any]
_Path = tuple[str | int, ...]
_WORDS = {"title", "source"}
"""Where an entry comes from, for people: nothing is decided by it."""


def mutants(table: Table) -> Iterator[tuple[str, Table]]:
    """Every mutant of a contract's table: what was changed, and the whole with the change."""
    for path, value in _each(table):
        told = ".".join(map(str, path))
        if isinstance(value, bool):
            yield f"{told}: {not value}", _with(table, path, not value)
        elif isinstance(value, int):
            for step in (1, -1):
                yield f"{told}: {value + step}", _with(table, path, value + step)
        if path[-1] not in _WORDS:
            yield f"without {_named(path, value)}", _without(table, path)


def _each(value: object, path: _Path = ()) -> Iterator[tuple[_Path, object]]:
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _each(part, (*path, key))
    if isinstance(value, list):
        for at, part in enumerate(value):
            yield from _each(part, (*path, at))


def _named(path: _Path, value: object) -> str:
    """The path, with an entry of a list called by what it is and not by its place."""
    last = path[-1] if isinstance(path[-1], str) else value
    return ".".join(map(str, (*path[:-1], last)))


def _holder(table: Table, path: _Path) -> Any:  # noqa: ANN401 - a table or a list of TOML
    for key in path[:-1]:
        table = table[key]  # type: ignore[index]
    return table


def _with(table: Table, path: _Path, value: object) -> Table:
    changed = copy.deepcopy(table)
    _holder(changed, path)[path[-1]] = value
    return changed


def _without(table: Table, path: _Path) -> Table:
    changed = copy.deepcopy(table)
    del _holder(changed, path)[path[-1]]
    return changed


def copied(table: Table) -> Table:
    """A copy that its reader may change."""
    return copy.deepcopy(table)
