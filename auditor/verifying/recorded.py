"""What the stores recorded, as the verifier reads it: places and their surroundings.

It stands on the base tables alone. How views and rules find a place is none of its business: were
it to ask them, it could only repeat them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from auditor.stores import Stores

Row = Mapping[str, Any]

_ENROLLMENTS = dict.fromkeys(("events", "annotations", "records"), ("enrollment_id",))
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ENDINGS = {"unenroll", "graduate"}


@dataclass(frozen=True)
class Fact:
    """One place that stands in a store: its row of the base table, and its ping's, if it has one.

    `place` is `event`, `annotation`, `uptake`, `scalar`, `record` or `switch`. Times are
    milliseconds since 1970.
    """

    place: str
    row: Row
    ping: Row = field(default_factory=dict)

    @property
    def id(self) -> str | None:
        """The enrollment ID, as it was recorded."""
        return self.row.get("enrollment_id")

    @property
    def person(self) -> str | None:
        """Whom it tells of."""
        found: str | None = (self.ping or self.row)["person"]
        return found

    @property
    def change(self) -> tuple[str | None, str | None, str | None]:
        """The person, and the kind and name of the study or rollout."""
        return self.person, self.row.get("kind"), self.row.get("slug")

    @property
    def upload_off(self) -> bool:
        """Whether it was recorded while upload was off."""
        return bool(self.ping.get("upload_off", self.row.get("upload_off", False)))

    @property
    def created(self) -> int | None:
        """When the ping was made, or else received."""
        return self.ping.get("moment")

    @property
    def order(self) -> int | None:
        """The order among the events of a person; None where it is not recorded."""
        return self.row.get("sequence")

    @property
    def method(self) -> str | None:
        """What an event says was done."""
        return self.row.get("method")

    @property
    def ends(self) -> bool:
        """Whether a change ends here."""
        return self.method in ENDINGS

    @property
    def starts(self) -> bool:
        """Whether a change begins here, or is taken up again."""
        again = self.row.get("previous_state") in {"graduated", "rolled-back"}
        return self.method == "enroll" or (self.method == "update" and again)

    @property
    def extras(self) -> dict[str, str]:
        """The extras of an event."""
        return {pair["key"]: pair["value"] for pair in self.row.get("extras") or ()}

    @property
    def event(self) -> str:
        """What stands there, in the words of a report."""
        row = self.row
        if self.place == "event":
            return f"{row['method']} {row['object']}"
        told = {
            "annotation": "environment.experiments",
            "uptake": f"uptake {row.get('status') or '(no status)'}",
            "scalar": str(row.get("name")),
            "record": f"record {row.get('kind')}",
            "switch": "upload turned off",
        }
        return told[self.place]

    @property
    def times(self) -> set[int | None]:
        """The times that a report may give it."""
        if self.place == "event":
            known = [time for time in (self.row["latest"], self.created) if time is not None]
            return {self.row["latest"], min(known, default=None)}
        if self.place == "record":
            return {self.row["snapshot"], self.moment}
        return {self.row["moment"]} if self.place == "switch" else {self.created}

    @property
    def moment(self) -> int | None:
        """The latest time at which it can have come to stand there; None when that is not known.

        A record tells when it was begun, or that it was there in a snapshot with upload on.
        """
        if self.place == "record":
            seen = None if self.row["upload_off"] else self.row["snapshot"]
            started: int | None = self.row["started"]
            return seen if started is None else started
        known = [t for t in (self.row.get("latest"), self.created) if t is not None]
        return min(known, default=None)


class Recorded:
    """The base tables of an audit's stores, asked for rows."""

    def __init__(self, stores: Stores, pings: Iterable[str] = ()) -> None:
        """Keep the tables, and look up what stands in those pings, all of them at once."""
        self._tables = stores.tables
        self._in_pings: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in self._facts("ping", pings):
            self._in_pings[str(fact.row["ping"])].append(fact)

    def rows(self, table: str, column: str, values: Iterable[object]) -> list[dict[str, Any]]:
        """The rows in which a column has one of the values."""
        import pyarrow as pa
        import pyarrow.compute as pc

        kept = self._tables[table]
        wanted = pa.array(sorted({v for v in values if v is not None}, key=str), kept[column].type)
        found: list[dict[str, Any]] = kept.filter(pc.is_in(kept[column], wanted)).to_pylist()
        return found

    def in_ping(self, ping: str) -> list[Fact]:
        """Every place in one of the pings that were named at first."""
        return self._in_pings.get(ping, [])

    def on_disk(self, source: str) -> list[Fact]:
        """Every place that a file of a profile is: its records, and an opt-out that it shows."""
        records = [Fact("record", row) for row in self.rows("records", "source", [source])]
        switches = self.rows("switches", "source", [source])
        return records + [Fact("switch", row) for row in switches if row["ping"] is None]

    def uses(self, enrollment: str) -> list[Fact]:
        """Every place of an enrollment ID."""
        rows = self.rows("records", "enrollment_id", [enrollment])
        return [*self._facts("enrollment_id", [enrollment]), *(Fact("record", r) for r in rows)]

    def of_change(self, fact: Fact) -> list[Fact]:
        """The events of one person's change that have an order, in it."""
        found = (
            other
            for other in self._facts("slug", [fact.row["slug"]], ("events",))
            if other.change == fact.change and other.order is not None
        )
        return sorted(found, key=lambda other: (other.order or 0, str(other.row["ping"])))

    def opt_outs(self, person: str | None) -> list[Row]:
        """When a person turned upload off."""
        return [row for row in self.rows("switches", "person", [person]) if row["upload"] == "off"]

    def _facts(
        self, column: str, values: Iterable[object], tables: Iterable[str] = ()
    ) -> Iterator[Fact]:
        of_a_ping = {
            "events": "event",
            "annotations": "annotation",
            "uptake": "uptake",
            "scalars": "scalar",
        }
        values = list(values)
        named = tables or [name for name in of_a_ping if column in self._tables[name].column_names]
        rows = [(name, row) for name in named for row in self.rows(name, column, values)]
        pings = self._pings({row["ping"] for _, row in rows})
        yield from (Fact(of_a_ping[name], row, pings[row["ping"]]) for name, row in rows)
        if column == "ping":
            yield from (
                Fact("switch", row, pings.get(row["ping"], {}))
                for row in self.rows("switches", "ping", values)
            )

    def _pings(self, names: Iterable[str]) -> dict[str, dict[str, Any]]:
        return {row["ping"]: row for row in self.rows("pings", "ping", names)}

    @cached_property
    def identifiers(self) -> set[str]:
        """Every identifier that is no enrollment ID, as it is compared with one."""
        columns = {
            "pings": ("client_id", "profile_group_id", "session_id", "ping"),
            "profiles": ("client_id", "user_id", "session_id"),
        }
        return {*self._unique(columns)}

    @cached_property
    def doubles(self) -> set[str]:
        """The document ids that are an enrollment ID or a client id as well."""
        ids = {*self._unique(_ENROLLMENTS), *self._unique({"pings": ("client_id",)})}
        return ids & {*self._unique({"pings": ("ping",)})}

    @cached_property
    def secrets(self) -> set[str]:
        """What must be withheld though it does not look like an identifier."""
        columns = ("client_id", "profile_group_id", "session_id")
        ids = (
            *self._unique(_ENROLLMENTS),
            *self._unique({"pings": columns, "profiles": ("user_id",)}),
        )
        strays = (i for i in ids if not _UUID.fullmatch(i) and not i.startswith("of ping "))
        return {*strays, *self._unique({"recipes": ("value",)})}

    def _unique(self, columns: Mapping[str, Iterable[str]]) -> Iterator[str]:
        for table, names in columns.items():
            for name in names:
                yield from filter(None, self._tables[table][name].unique().to_pylist())

    @cached_property
    def preference_values(self) -> list[Row]:
        """Every preference value with the preference that has it."""
        values: list[Row] = self._tables["recipes"].to_pylist()
        return values
