"""Spark: the engine for fleets, on one machine or on a cluster."""

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from auditor import views
from auditor.engines.asking import NoEngineError, RuleCrashError
from auditor.engines.spark_sql import translated

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

LOCAL = "local[2]"
"""The master that is this very process, with two threads."""

_LOG = files("auditor.engines").joinpath("spark-log.properties")
_SETTINGS = {
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOG}",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_SMALL = {
    # On one machine each of Spark's usual 200 parts costs more than it saves.
    "spark.sql.shuffle.partitions": "4",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


class Spark:
    """A session of Spark's, with DuckDB's SQL translated.

    What else a cluster needs to be told stands in its own `spark-defaults.conf`.
    """

    def __init__(self, master: str = LOCAL) -> None:
        """Begin with nothing, on the cluster of this master: `spark://…`, `yarn` or `local[2]`.

        Raises NoEngineError.
        """
        try:
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ModuleNotFoundError:
            message = "the engine spark needs an extra: pip install 'auditor[spark]'"
            raise NoEngineError(message) from None
        self._failure = (PySparkException, Py4JError)
        builder = SparkSession.builder.master(master).appName("auditor")
        for name, value in (_SETTINGS | (_SMALL if master.startswith("local") else {})).items():
            builder = builder.config(name, value)
        try:
            self._session = builder.getOrCreate().newSession()
        except self._failure as error:
            message = f"Spark cannot be started ({type(error).__name__}): it needs Java 17 or later"
            raise NoEngineError(message) from None

    def register(self, name: str, table: "pa.Table") -> None:
        """Take one more table."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)

    def create(self, view: views.View) -> None:
        """Make a view, kept where rules examine it."""
        frame = self._frame(view.sql)
        (frame.cache() if view.key else frame).createOrReplaceTempView(view.name)

    def columns(self, name: str) -> list[str]:
        """The names of a relation's columns."""
        return list(self._session.table(name).columns)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query."""
        try:
            found: list[dict[str, Any]] = self._frame(query).toArrow().to_pylist()
        except self._failure as error:
            # The engine's message may quote data, so only its kind is kept.
            raise RuleCrashError(type(error).__name__) from None
        return found

    def close(self) -> None:
        """Drop what was registered and kept."""
        self._session.catalog.clearCache()
        for table in self._session.catalog.listTables():
            self._session.catalog.dropTempView(table.name)

    def _frame(self, query: str) -> "DataFrame":
        try:
            return self._session.sql(translated(query))
        except self._failure as error:
            raise RuleCrashError(type(error).__name__) from None
