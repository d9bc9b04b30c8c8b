"""The columns that are read of an export, found in Parquet's own: typed, and with no JSON between.

The schema decides: a column that a file lacks is NULL, and one of an unforeseen type is taken as
text or as JSON. Of the ten thousand columns of a main ping only those are named that are read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from auditor.stores.warehouse.columns import Columns

if TYPE_CHECKING:
    from duckdb.sqltypes import DuckDBPyType

Place: TypeAlias = tuple[str, ...]
Schema: TypeAlias = "Mapping[str, DuckDBPyType]"

_WHOLE = {"tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger"}
_PARTS = {"category": "f1_", "method": "f2_", "object": "f3_", "value": "f4_"}
_SCALARS = ("normandy_", "telemetry_keyed_scalars_exceed_limit")


def over_parquet(columns: Columns, schema: Schema) -> str:
    """The columns as a query over `lines`, which has `number` and columns of this schema."""
    found = ", ".join(
        f"{_FOUND[column.kind](schema, [tuple(place.split('.')) for place in column.places])}"
        f" AS {name}"
        for name, column in columns.items()
    )
    return f"SELECT number, TRUE AS is_row, {found} FROM lines"  # noqa: S608 - quoted, and our own


def _first(
    schema: Schema, places: Iterable[Place], of: "Callable[[str, DuckDBPyType], str]", kind: str
) -> str:
    """The first of the places that is filled, made into what it is to be."""
    types = ((place, _type(schema, place)) for place in places)
    found = [of(_quoted(place), own) for place, own in types if own and own.id != "null"]
    return f"coalesce({', '.join(found)})" if found else f"CAST(NULL AS {kind})"


def _text(name: str, _: "DuckDBPyType") -> str:
    return f"CAST({name} AS VARCHAR)"


def _id(name: str, _: "DuckDBPyType") -> str:
    return f"id_of(CAST({name} AS VARCHAR))"


def _time(name: str, kind: "DuckDBPyType") -> str:
    timed = kind.id.startswith("timestamp") or kind.id == "date"
    return f"clock_of(try(epoch_ms({name})))" if timed else f"ms_of(CAST({name} AS VARCHAR))"


def _untimed(name: str, kind: "DuckDBPyType") -> str:
    timed = kind.id.startswith("timestamp") or kind.id == "date"
    return "CAST(NULL AS BOOLEAN)" if timed else f"is_no_time(CAST({name} AS VARCHAR))"


def _number(name: str, kind: "DuckDBPyType") -> str:
    plain = kind.id in _WHOLE
    return f"CAST({name} AS BIGINT)" if plain else f"number_of(CAST({name} AS VARCHAR))"


def _presence(schema: Schema, places: Sequence[Place]) -> str:
    name = _quoted(places[0])
    return "FALSE" if _type(schema, places[0]) is None else f"{name} IS NOT NULL"


def _pairs(name: str, kind: "DuckDBPyType") -> str:
    listed = {"key", "value"} <= _children(_inner(kind)).keys()
    return f"CAST({name} AS pair[])" if listed else f"pairs_of({_json(name)})"


def _experiments(name: str, kind: "DuckDBPyType") -> str:
    listed = _children(_children(_inner(kind)).get("value"))
    return f"CAST({name} AS experiment[])" if listed else f"experiments_of({_json(name)})"


def _events(schema: Schema, places: Sequence[Place]) -> str:
    """The events of every process: of event pings, and of old main pings."""
    of_events, of_processes = places
    found = [
        *((name, (*of_events, name)) for name in _children(_type(schema, of_events))),
        *(
            (name, (*of_processes, name, "events"))
            for name in _children(_type(schema, of_processes))
        ),
    ]
    lists = [
        _event_list(process, _quoted(place), _children(_inner(kind)))
        for process, place in found
        if "f0_" in _children(_inner(kind := _type(schema, place)))
    ]
    return f"list_concat({', '.join(lists)})" if lists else "CAST(NULL AS entry[])"


def _event_list(process: str, name: str, parts: "Mapping[str, DuckDBPyType]") -> str:
    shown = {
        part: _text(f"each.{place}", parts[place]) if place in parts else "NULL"
        for part, place in _PARTS.items()
    }
    extras = parts.get("f5_")
    told = {
        "process": _literal(process),
        "position": "place - 1",
        "offset_ms": f"offset_of({_number('each.f0_', parts['f0_'])})",
        **shown,
        "extras": "NULL" if extras is None or extras.id == "null" else _pairs("each.f5_", extras),
    }
    return f"CAST(list_transform({name}, lambda each, place: {_pack(told)}) AS entry[])"


def _scalars(schema: Schema, places: Sequence[Place]) -> str:
    """The keyed scalars of every process that are Normandy's."""
    found = (
        (place, name, kind)
        for process in _children(_type(schema, places[0]))
        for place in [(*places[0], process, "keyed_scalars")]
        for name, kind in _children(_type(schema, place)).items()
        if name.startswith(_SCALARS) and kind.id != "null"
    )
    lists = [
        _pack({"name": _literal(name), "pairs": _pairs(_quoted((*place, name)), kind)})
        for place, name, kind in found
    ]
    return f"CAST([{', '.join(lists)}] AS scalar[])" if lists else "CAST(NULL AS scalar[])"


def _histograms(schema: Schema, places: Sequence[Place]) -> str:
    """The uptake histograms of every process; the parent's lie outside its process."""
    of_parent, of_processes = places
    found = [
        ("parent", of_parent),
        *(
            (process, (*of_processes, process, *of_parent[1:]))
            for process in _children(_type(schema, of_processes))
        ),
    ]
    lists = [
        _pack({"name": _literal(process), "pairs": f"pairs_of({_json(_quoted(place))})"})
        for process, place in found
        if (kind := _type(schema, place)) is not None and kind.id != "null"
    ]
    return f"CAST([{', '.join(lists)}] AS scalar[])" if lists else "CAST(NULL AS scalar[])"


_FOUND: dict[str, Callable[[Schema, Sequence[Place]], str]] = {
    "id": lambda schema, places: _first(schema, places, _id, "UUID"),
    "text": lambda schema, places: _first(schema, places, _text, "VARCHAR"),
    "time": lambda schema, places: _first(schema, places, _time, "BIGINT"),
    "untimed": lambda schema, places: _first(schema, places, _untimed, "BOOLEAN"),
    "number": lambda schema, places: _first(schema, places, _number, "BIGINT"),
    "pairs": lambda schema, places: _first(schema, places, _pairs, "pair[]"),
    "experiments": lambda schema, places: _first(schema, places, _experiments, "experiment[]"),
    "presence": _presence,
    "events": _events,
    "scalars": _scalars,
    "histograms": _histograms,
}


def _pack(parts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"'{name}': {value}" for name, value in parts.items()) + "}"


def _json(name: str) -> str:
    return f"CASE WHEN {name} IS NOT NULL THEN to_json({name}) END"


def _type(schema: Schema, place: Place) -> "DuckDBPyType | None":
    first, *rest = place
    found = schema.get(first)
    for name in rest:
        found = _children(found).get(name)
    return found


def _children(kind: "DuckDBPyType | None") -> "dict[str, DuckDBPyType]":
    """The columns inside one, by name; none where it is no struct."""
    if kind is None or kind.id != "struct":
        return {}
    children: Any = kind.children
    return dict(children)


def _inner(kind: "DuckDBPyType | None") -> "DuckDBPyType | None":
    """What a list is of; None where it is no list."""
    if kind is None or kind.id != "list":
        return None
    children: Any = kind.children
    return dict(children)["child"]  # type: ignore[no-any-return]


def _quoted(place: Place) -> str:
    return ".".join('"' + name.replace('"', '""') + '"' for name in place)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
