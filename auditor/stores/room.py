"""The room in which an audit's base tables lie: one session of DuckDB's, bounded in memory.

What does not fit into memory is spilt into a folder of temporary files that goes with the session.
Tables of millions of rows are compressed: a million uptake reports then take six megabytes.
"""

import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.stores import sessions
from auditor.stores.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb
    import pyarrow as pa

_LOOSE = 4_000_000
"""Rows that are added before tables are compressed, which costs as much time as it saves memory."""


@dataclass(frozen=True)
class Limits:
    """What an audit may use: `memory` such as `4GB` (else most of it), `threads` (else two)."""

    memory: str | None = None
    threads: int | None = None


class Room:
    """Tables by name. What was recorded lies beside what is settled, as `recorded_…`."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Begin with no tables."""
        self.session = _opened(limits or Limits())
        self._added = 0
        self._recorded: set[str] = set()

    def __getitem__(self, name: str) -> "pa.Table":
        """A table as an Arrow table."""
        return self.session.table(name).to_arrow_table()

    def names(self) -> list[str]:
        """The names of the tables."""
        query = "SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY table_name"
        return [name for (name,) in self.rows(query)]

    def whole(self) -> "dict[str, pa.Table]":
        """Every table as an Arrow table."""
        return {name: self[name] for name in self.names()}

    def different(self, table: str, column: str) -> list[Any]:
        """The different values of a column, without NULL, in their order."""
        query = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY ALL"  # noqa: S608 - our own names
        return [value for (value,) in self.rows(query)]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.session.execute(query).fetchall()

    def put(self, name: str, table: "pa.Table") -> None:
        """Make a table of Arrow's."""
        self._given(table, f"CREATE TABLE {name} AS FROM given")

    def make(self, name: str, query: str) -> None:
        """Make a table of a query."""
        (rows,) = self.session.execute(f"CREATE TABLE {name} AS {query}").fetchone() or (0,)
        self._added += rows
        self._compress()

    def drop(self, name: str) -> None:
        """Let go of a table."""
        self.session.execute(f"DROP TABLE {name}")

    def recorded(self) -> "dict[str, pa.Table]":
        """The base tables as they were recorded, before they are settled."""
        return {name: self[f"recorded_{name}"] for name in TABLES}

    def record(self, tables: "Mapping[str, pa.Table]") -> None:
        """Add rows to the recorded base tables, each by the name of its table."""
        for name, table in tables.items():
            target = f"recorded_{name}"
            is_there = target in self._recorded
            verb = f"INSERT INTO {target}" if is_there else f"CREATE TABLE {target} AS"
            self._given(table, f"{verb} FROM given")
            self._recorded.add(target)
            self._added += table.num_rows
        self._compress()

    def _compress(self) -> None:
        if self._added > _LOOSE:
            self.session.execute("CHECKPOINT")
            self._added = 0

    def _given(self, table: "pa.Table", query: str) -> None:
        self.session.register("given", table)
        self.session.execute(query)
        self.session.unregister("given")


def _opened(limits: Limits) -> "duckdb.DuckDBPyConnection":
    """A session that sees nothing but what it is given: no file, no extension, no network."""
    import duckdb

    folder = Path(tempfile.gettempdir()) / f"auditor-{uuid.uuid4().hex}"
    chosen = {"memory_limit": limits.memory, "threads": limits.threads or 2}
    session = sessions.known(
        duckdb.connect(
            config={
                "temp_directory": folder.as_posix(),
                "autoload_known_extensions": False,
                "autoinstall_known_extensions": False,
                **{name: value for name, value in chosen.items() if value is not None},
            }
        ),
        folder,
    )
    # On a prompt DuckDB would draw a bar among the results.
    session.execute("SET enable_progress_bar = FALSE")
    session.execute("SET enable_external_access = FALSE")
    session.execute("SET lock_configuration = TRUE")
    return session
