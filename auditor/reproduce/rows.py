"""The rows of recorded base tables, each with the ping or the profile that it is a part of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from auditor.stores.own.messages import PARTS, Kept, messages_in, rows_in
from auditor.stores.tables import TABLES, as_arrow

if TYPE_CHECKING:
    import pyarrow as pa

Tables = Mapping[str, "pa.Table"]


class Row(NamedTuple):
    """A row of a base table. `owner` names the ping or profile that it is a part of, or itself."""

    table: str
    values: Any
    owner: str

    @property
    def is_part(self) -> bool:
        """Whether the row cannot stand without its owner's."""
        return self.table == "records" or self.table in PARTS


def rows_of(tables: Tables) -> list[Row]:
    """Every row, parts after what they are parts of; no record without its profile."""
    messages = chain.from_iterable(map(_of_message, messages_in(tables)))
    return [*messages, *_of_profiles(tables), *_of_recipes(tables)]


def _of_message(message: Kept) -> Iterator[Row]:
    key = f"ping {message.ping.message}"
    yield Row("pings", message.ping, key)
    for name in PARTS:
        yield from (Row(name, part, key) for part in getattr(message, name))


def _of_profiles(tables: Tables) -> Iterator[Row]:
    records = [*rows_in(tables, "records")]
    for profile in rows_in(tables, "profiles"):
        key = f"profile {profile.number}"
        yield Row("profiles", profile, key)
        yield from (Row("records", row, key) for row in records if row.number == profile.number)


def _of_recipes(tables: Tables) -> Iterator[Row]:
    for number, recipe in enumerate(rows_in(tables, "recipes")):
        yield Row("recipes", recipe, f"recipe {number}")


def values_in(rows: Iterable[Row], table: str) -> list[Any]:
    """The rows of one table."""
    return [row.values for row in rows if row.table == table]


def as_tables(rows: Sequence[Row]) -> "dict[str, pa.Table]":
    """Rows as recorded base tables again."""
    return {name: as_arrow(kind, values_in(rows, name)) for name, kind in TABLES.items()}


def as_messages(rows: Sequence[Row]) -> Iterator[Kept]:
    """The pings among the rows, each with its parts."""
    messages = {row.owner: Kept(row.values) for row in rows if row.table == "pings"}
    for row in rows:
        if row.table in PARTS:
            getattr(messages[row.owner], row.table).append(row.values)
    yield from messages.values()
