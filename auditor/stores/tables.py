"""The base tables: what every kind of store is read into.

A row is a named tuple; a column's type is its annotation. Times are milliseconds since 1970 in
UTC. An enrollment ID that was the filler is NULL with `filler` set: nothing after the readers
needs to know how the browser spells it. What is known only from many rows together (which copies
are one ping, whose it is, in which order events happened) is added by `auditor.stores.timeline`.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_type_hints

if TYPE_CHECKING:
    import pyarrow as pa

PER_STORE = 1_000_000_000
"""Profiles are numbered through an audit: those of the store n from n times this on."""


class Pair(NamedTuple):
    """One extra of an event."""

    key: str
    value: str


class Ping(NamedTuple):
    """One copy of a recorded message, told apart by `message`; of all messages by its document id.

    `upload_off` is set when it carries the canary client id, which is nobody's; `client_id` is then
    NULL. `first_offset` and `last_offset` are those of the first event of its parent process, and
    of the last of all its events, of any category. `profile` is the profile it was found in.
    """

    message: str
    ping: str
    profile: str | None
    source: str
    document_type: str
    client_id: str | None = None
    upload_off: bool = False
    profile_group_id: str | None = None
    session_id: str | None = None
    created: int | None = None
    received: int | None = None
    process_start: int | None = None
    first_offset: int | None = None
    last_offset: int | None = None
    version: str | None = None
    major: int | None = None
    channel: str | None = None


class Event(NamedTuple):
    """One event of the category `normandy` in a ping.

    `offset` counts from the start of the process. `kind` and `slug` name the change: a rollback is
    about its rollout.
    """

    message: str
    process: str
    position: int
    offset: int | None
    method: str
    object: str
    kind: str
    slug: str | None
    value: str | None
    enrollment_id: str | None
    filler: bool
    reason: str | None
    original_reason: str | None
    branch: str | None
    experiment_type: str | None
    preference_branch: str | None
    preference: str | None
    preference_name: str | None
    did_reset_value: str | None
    previous_state: str | None
    addon_id: str | None
    addon_version: str | None
    caller: str | None
    conflicting_slug: str | None
    extras: list[Pair]
    keys: list[str]
    longest_extra: int


class Annotation(NamedTuple):
    """One entry of `environment.experiments`: a change that is under way as a ping is made."""

    message: str
    slug: str
    type: str | None
    kind: str | None
    branch: str | None
    enrollment_id: str | None
    filler: bool


class Uptake(NamedTuple):
    """One uptake report: `source` (`normandy/recipe/1`) and `status` (`success`)."""

    message: str
    process: str
    position: int
    source: str | None
    status: str | None
    keys: list[str]


class Scalar(NamedTuple):
    """One key of a keyed scalar such as `normandy.recipe_freshness`."""

    message: str
    name: str
    key: str
    value: int | None


class Record(NamedTuple):
    """One enrollment as the client itself stores it on disk, at the time of the snapshot.

    `number` tells the profiles of an audit apart, `upload_off` how the profile was left.
    `started` is known for add-on studies only, `seen` for preference studies. `is_stale` tells that
    what the client wrote last may be missing: its database was copied without the log.
    """

    profile: str
    snapshot: int
    number: int
    upload_off: bool
    source: str
    store: str
    kind: str
    slug: str
    state: str | None
    ended: bool
    enrollment_id: str | None
    filler: bool
    started: int | None
    seen: int | None
    is_stale: bool = False


class Profile(NamedTuple):
    """One profile directory as it was left, at the time of the snapshot.

    `user_id` is the id by which Normandy draws samples (`app.normandy.user_id`); it is never to be
    sent. `session_id` is the last session that the profile knows of, `number` tells the profiles of
    an audit apart.
    """

    profile: str
    snapshot: int
    number: int
    client_id: str | None
    user_id: str | None
    session_id: str | None
    upload_off: bool
    shown_by: str
    source: str


class Switch(NamedTuple):
    """One moment at which a person's upload went off or on, and what shows it.

    It went off at `moment` at the earliest and `latest` at the latest: at one time where a deletion
    request tells it, else between the last sign of the one and the first of the other. `moment` is
    NULL when upload was off already in the first that the stores tell of the person.
    """

    person: str
    client_id: str | None
    upload: str
    moment: int | None
    latest: int
    received: int | None
    shown_by: str
    store_number: int
    ping: str | None
    source: str


class Recipe(NamedTuple):
    """One preference that the server asked for, with its value, or the value it replaced."""

    source: str
    slug: str | None
    branch: str | None
    preference: str
    value: str
    value_type: str


TABLES: dict[str, type[NamedTuple]] = {
    "pings": Ping,
    "events": Event,
    "annotations": Annotation,
    "uptake": Uptake,
    "scalars": Scalar,
    "records": Record,
    "profiles": Profile,
    "recipes": Recipe,
}


def as_arrow(row: type, rows: Iterable[tuple[object, ...]]) -> "pa.Table":
    """Rows of a named tuple as an Arrow table; a column's type is its annotation."""
    import pyarrow as pa

    schema = _schema(row)
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [
        _pairs(column, field.type) if field.name == "extras" else pa.array(column, field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


@cache
def _schema(row: type) -> "pa.Schema":
    import pyarrow as pa

    plain = {str: pa.string(), int: pa.int64(), bool: pa.bool_()}
    pair = pa.struct([("key", pa.string()), ("value", pa.string())])
    lists = {Pair: pa.list_(pair), str: pa.list_(pa.string())}

    def column(hint: Any) -> "pa.DataType":  # noqa: ANN401 - an annotation, of no one type
        if getattr(hint, "__origin__", None) is list:
            return lists[get_args(hint)[0]]
        return plain[next((part for part in get_args(hint) if part is not type(None)), hint)]

    return pa.schema([(name, column(hint)) for name, hint in get_type_hints(row).items()])


def _pairs(column: Sequence[Sequence[Pair]], kind: "pa.DataType") -> "pa.Array":
    """Lists of extras, built of their keys and values: a dict for each would cost far more."""
    import pyarrow as pa

    ends = pa.array(accumulate(map(len, column), initial=0), pa.int32())
    keys = [key for extras in column for key, _ in extras]
    values = [value for extras in column for _, value in extras]
    parts = [pa.array(keys, pa.string()), pa.array(values, pa.string())]
    pairs = pa.StructArray.from_arrays(parts, fields=[*kind.value_type])
    return pa.ListArray.from_arrays(ends, pairs, type=kind)
