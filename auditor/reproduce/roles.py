"""What each text of a row is: an identifier, a place, a name that code gives, or free."""

import re
from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import Any

from auditor.reproduce.rows import Row
from auditor.stores.tables import Pair


class Role(Enum):
    """What a text is."""

    ID = auto()
    PLACE = auto()
    VALUE = auto()
    NAME = auto()
    FREE = auto()


Change = Callable[[Role, str], str]
"""What becomes of a text."""

_IDS = {"enrollment_id", "client_id", "profile_group_id", "session_id", "user_id", "ping"}
_PLACES = {(table, "source") for table in ("pings", "profiles", "records")}
_PLACES |= {(table, "profile") for table in ("pings", "profiles", "records")}
_NAMES = {
    *("document_type", "version", "channel", "process", "method", "object", "kind", "type"),
    *("status", "name", "store", "state", "shown_by", "value_type", "keys"),
}
_NAME = re.compile(r"[A-Za-z0-9_.:+-]{1,40}")
"""What a word of the code's own looks like: what does not is a free text, wherever it stands."""

_OURS = {"canary client id", "preference"}
"""What readers say of how a profile shows that upload is off."""

_ID_KEY = "enrollmentId"


def changed(row: Row, change: Change) -> Row:
    """The row with every text changed. An extra is changed as the column that repeats it."""
    values = row.values._asdict()
    for column, value in values.items():
        if value is not None and column != "message":
            values[column] = _changed(row.table, column, value, change)
    return row._replace(values=type(row.values)(**values))


def _changed(table: str, column: str, value: Any, change: Change) -> object:  # noqa: ANN401 - any column
    if column == "extras":
        return [*_extras(value, change)]
    if isinstance(value, list):
        return [change(_role(table, column, part), part) for part in value]
    return change(_role(table, column, value), value) if isinstance(value, str) else value


def _extras(extras: list[Pair], change: Change) -> Iterator[Pair]:
    for key, value in extras:
        role = Role.ID if key == _ID_KEY else Role.FREE
        yield Pair(change(_role("events", "keys", key), key), change(role, value))


def _role(table: str, column: str, text: str) -> Role:
    if column in _IDS:
        return Role.ID
    if (table, column) in _PLACES:
        return Role.PLACE
    if (table, column) == ("recipes", "value"):
        return Role.VALUE
    is_name = column in _NAMES and (_NAME.fullmatch(text) or text in _OURS)
    return Role.NAME if is_name else Role.FREE
