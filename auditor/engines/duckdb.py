"""DuckDB: in process, out of core, and the engine unless another is asked for."""

from typing import TYPE_CHECKING, Any

from auditor import views
from auditor.engines.asking import RuleCrashError, quoted

if TYPE_CHECKING:
    import pyarrow as pa


class DuckDB:
    """A session of DuckDB's that sees nothing but the tables it is given."""

    def __init__(self, memory: str | None = None) -> None:
        """Begin with nothing; `memory` is a limit such as `4GB`."""
        import duckdb

        self._failure = duckdb.Error
        self._session = duckdb.connect(config={"threads": 2})
        if memory:
            self._session.execute("SET memory_limit = ?", [memory])
        # On a prompt DuckDB would draw a bar among the results.
        self._session.execute("SET enable_progress_bar = FALSE")
        # Nothing but the tables is an input: no file, no extension, no network.
        self._session.execute("SET enable_external_access = false")
        self._session.execute("SET lock_configuration = true")

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
        """Drop the session."""
        self._session.close()

    def _run(self, query: str) -> Any:  # noqa: ANN401 - duckdb's connection, which is imported late
        try:
            return self._session.execute(query)
        except self._failure as error:
            # The engine's message may quote data, so only its kind is kept.
            raise RuleCrashError(type(error).__name__) from None
