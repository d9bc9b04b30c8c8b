"""The columns that are read of an export's tables, and how they are found in rows of JSON.

A column is read into what is the same for every form: text, numbers, times in milliseconds, and
lists. `auditor.stores.warehouse.parquet` finds the same columns in typed files.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Column(NamedTuple):
    """What a column is, and the places where it may stand, of which the first filled one counts."""

    kind: str
    places: tuple[str, ...]


Columns = Mapping[str, Column]


def _column(kind: str, *places: str) -> Column:
    return Column(kind, places)


FLAT: Columns = {
    "document": _column("id", "document_id"),
    "doc_type": _column("text", "doc_type"),
    "client_id": _column("text", "client_id"),
    "profile_group_id": _column("text", "profile_group_id"),
    "session_id": _column("text", "session_id"),
    "session_start": _column("time", "session_start_time"),
    "received": _column("time", "timestamp", "submission_timestamp"),
    "submitted": _column("time", "submission_date"),
    "app_version": _column("text", "app_version"),
    "channel": _column("text", "normalized_channel"),
    "process": _column("text", "event_process"),
    "offset_ms": _column("number", "event_timestamp"),
    "category": _column("text", "event_category"),
    "method": _column("text", "event_method"),
    "object": _column("text", "event_object"),
    "value": _column("text", "event_string_value"),
    "extras": _column("pairs", "event_map_values"),
    "experiments": _column("experiments", "experiments"),
    "is_untimed": _column(
        "untimed", *("session_start_time", "timestamp", "submission_timestamp", "submission_date")
    ),
}

NESTED: Columns = {
    "document": _column("id", "document_id"),
    "client_id": _column("text", "client_id"),
    "profile_group_id": _column("text", "profile_group_id"),
    "received": _column("time", "submission_timestamp"),
    "created": _column("time", "creation_date"),
    "app_version": _column("text", "application.version", "metadata.uri.app_version"),
    "channel": _column(
        "text",
        *("application.channel", "metadata.uri.app_update_channel", "normalized_channel"),
    ),
    "payload_session": _column("text", "payload.session_id"),
    "info_session": _column("text", "payload.info.session_id"),
    "info_reason": _column("text", "payload.info.reason"),
    "process_start": _column("number", "payload.process_start_timestamp"),
    "additional_properties": _column("text", "additional_properties"),
    "experiments": _column("experiments", "environment.experiments"),
    "has_processes": _column("presence", "payload.processes"),
    "has_events": _column("presence", "payload.events"),
    "has_scalars": _column("presence", "payload.scalars"),
    "events": _column("events", "payload.events", "payload.processes"),
    "scalars": _column("scalars", "payload.processes"),
    "is_untimed": _column("untimed", "submission_timestamp", "creation_date"),
    "histograms": _column(
        "histograms",
        *("payload.keyed_histograms.uptake_remote_content_result_1", "payload.processes"),
    ),
}

TABLES = {"flat": FLAT, "nested": NESTED}

_OF_TEXT = {
    "id": "id_of({})",
    "text": "{}",
    "time": "ms_of({})",
    "untimed": "is_no_time({})",
    "number": "number_of({})",
}
_OF_PARTS = {
    "presence": "coalesce(json_type({}) = 'OBJECT', FALSE)",
    "pairs": "pairs_of({})",
    "experiments": "experiments_of({})",
    "events": "events_of({}, {})",
    "scalars": "scalars_of({})",
    "histograms": "histograms_of({}, {})",
}


def over_json(columns: Columns) -> str:
    """The columns as a query over `lines`, which has `number` and `json`.

    A row is taken apart once for all that is text, and once for all that has parts.
    """
    texts = _places(columns, _OF_TEXT)
    parts = _places(columns, _OF_PARTS)
    found = ", ".join(
        f"{_of_texts(column, texts) if column.kind in _OF_TEXT else _of_parts(column, parts)}"
        f" AS {name}"
        for name, column in columns.items()
    )
    taken = (
        f"json_extract_string(json, {_paths(texts)}) AS texts,"
        f" json_extract(json, {_paths(parts)}) AS parts"
    )
    return (
        f"SELECT number, json IS NOT NULL AS is_row, {found}"  # noqa: S608 - columns of our own
        f" FROM (SELECT number, json, {taken} FROM lines)"
    )


def roots(columns: Columns) -> frozenset[str]:
    """The columns of a file in which anything that is read stands."""
    return frozenset(place.split(".")[0] for column in columns.values() for place in column.places)


def _places(columns: Columns, kinds: Iterable[str]) -> list[str]:
    return [place for column in columns.values() if column.kind in kinds for place in column.places]


def _of_texts(column: Column, places: list[str]) -> str:
    found = ", ".join(
        _OF_TEXT[column.kind].format(f"texts[{places.index(place) + 1}]") for place in column.places
    )
    return f"coalesce({found})"


def _of_parts(column: Column, places: list[str]) -> str:
    found = (f"parts[{places.index(place) + 1}]" for place in column.places)
    return _OF_PARTS[column.kind].format(*found)


def _paths(places: Iterable[str]) -> str:
    return "[" + ", ".join(f"'$.{place}'" for place in places) + "]"
