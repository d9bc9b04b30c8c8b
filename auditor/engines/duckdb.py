"""DuckDB: in process, out of core, and the engine unless another is asked for."""

from typing import TYPE_CHECKING, Any

from auditor import views
from auditor.engines.asking import RuleCrashError, quoted
from auditor.stores import sessions

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class DuckDB:
    """A cursor of the session in which the tables lie: what it makes goes with it."""

    def __init__(self, session: "duckdb.DuckDBPyConnection") -> None:
        """Begin with the tables that are there."""
        import duckdb

        self._failure = duckdb.Error
        self._session = sessions.known(session.cursor())

    def register(self, name: str, table: "pa.Table") -> None:
        """Take one more table, which is not copied."""
        self._session.register(name, table)

    def create(self, view: views.View) -> None:
        """Make a view, or a table where rules examine it."""
        what = "TABLE" if view.key else "VIEW"
        self._run(f"CREATE TEMP {what} {quoted(view.name)} AS {view.sql}")

    def columns(self, name: str) -> list[str]:
        """The names of a relation's columns."""
        found = self._run(f"SELECT * FROM {quoted(name)} LIMIT 0")
        return [column[0] for column in found.description]

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query."""
        found = self._run(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def close(self) -> None:
        """Drop what was made."""
        self._session.close()

    def _run(self, query: str) -> Any:  # noqa: ANN401 - duckdb's connection, which is imported late
        try:
            return self._session.execute(query)
        except self._failure as error:
            # The engine's message may quote data, so only its kind is kept.
            raise RuleCrashError(type(error).__name__) from None
