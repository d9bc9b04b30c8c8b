"""A fleet as Mozilla's warehouse exports it: tables in shards, one for each range of clients."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.simulate.healthy import draw, drawing, query
from auditor.simulate.pings import Told, as_table

if TYPE_CHECKING:
    import duckdb

NESTED = ("event_v4", "main_v5", "deletion_request_v4")
FLATTENED = ("event_events_v1",)

_ISO = """
    CREATE MACRO iso_of(ms) AS strftime(make_timestamp(ms * 1000), '%Y-%m-%dT%H:%M:%S.%gZ');
"""
_MACROS = {
    "parquet": f"""{_ISO}
        CREATE MACRO time_of(ms) AS to_timestamp(ms / 1000);
        CREATE MACRO number_of(number) AS CAST(number AS BIGINT);
    """,
    # BigQuery writes NDJSON with whole numbers as text, and `UTC` after times.
    "ndjson": f"""{_ISO}
        CREATE MACRO time_of(ms) AS strftime(make_timestamp(ms * 1000), '%Y-%m-%d %H:%M:%S.%f UTC');
        CREATE MACRO number_of(number) AS CAST(number AS VARCHAR);
    """,
}
_OPTIONS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1",
    "ndjson": "FORMAT json, TIMESTAMPFORMAT '%Y-%m-%d'",
}


def write_healthy(folder: Path, tables: Sequence[str], form: str, seed: int, clients: range) -> int:
    """Write one shard of each table, and give how many events stand in it."""
    with drawing(seed) as engine:
        draw(engine, clients)
        return _write(engine, folder, tables, form, clients.start)


def write_planted(folder: Path, tables: Sequence[str], form: str, pings: Sequence[Told]) -> int:
    """Write one more shard, of what is planted."""
    with drawing(0) as engine:
        engine.register("told", as_table(pings))
        return _write(engine, folder, tables, form, "planted")


def _write(
    engine: "duckdb.DuckDBPyConnection",
    folder: Path,
    tables: Sequence[str],
    form: str,
    shard: int | str,
) -> int:
    engine.execute(_MACROS[form])
    engine.execute(" ".join(("CREATE TEMP VIEW arrived AS", query("arrived"))))
    for table in tables:
        path = folder / f"{table}-{shard:0>12}.{form}"
        place = path.as_posix().replace("'", "''")
        copying = f"COPY ({query(table)}) TO '{place}' ({_OPTIONS[form]})"
        ((rows,),) = engine.execute(copying).fetchall()
        if not rows:
            path.unlink(missing_ok=True)
    ((events,),) = engine.execute("SELECT coalesce(sum(len(events)), 0) FROM arrived").fetchall()
    return int(events)
