"""Healthy clients: a range of them, drawn by queries from a seed, as a table of their pings."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from auditor.history import FILLER
from auditor.simulate import distributions as spread
from auditor.simulate.failing import FAILURES
from auditor.stores.ping_events import UPTAKE
from auditor.stores.plain import CANARY, slug_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

STEPS = ("clients", "sessions", "stays", "happenings", "batches", "told")


@contextmanager
def drawing(seed: int) -> Iterator["duckdb.DuckDBPyConnection"]:
    """An engine with all that is drawn from. One thread: the same seed gives the same rows."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as engine:
        known = spread.NUMBERS | {"seed": seed, "filler": FILLER, "canary": CANARY}
        for name, value in known.items():
            set_variable(engine, name, value)
        engine.execute("SET TimeZone = 'UTC'")
        engine.execute(query("macros"))
        for name, rows in _tables().items():
            engine.register(f"given_{name}", _arrow(rows))
            engine.execute(f"CREATE TABLE {name} AS FROM given_{name}")
        yield engine


def draw(engine: "duckdb.DuckDBPyConnection", clients: range) -> None:
    """Make the table `told` of the pings of these clients."""
    set_variable(engine, "clients_from", clients.start)
    set_variable(engine, "clients_to", clients.stop)
    for step in STEPS:
        engine.execute(" ".join((f"CREATE OR REPLACE TEMP TABLE {step} AS", query(step))))


def shards(clients: int, size: int) -> list[range]:
    """The numbers of so many clients, in ranges of that size."""
    return [range(start, min(start + size, clients)) for start in range(0, clients, size)]


def rows(engine: "duckdb.DuckDBPyConnection", name: str) -> list[dict[str, Any]]:
    """The rows that the query of that name gives of the clients that were drawn."""
    return fetched(engine.execute(query(name)))


def fetched(found: "duckdb.DuckDBPyConnection") -> list[dict[str, Any]]:
    """All rows of an answer, by the names of their columns."""
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def set_variable(engine: "duckdb.DuckDBPyConnection", name: str, value: float | str) -> None:
    """Give the queries a value of our own."""
    engine.execute(f"SET VARIABLE {name} = ?", [value])


def query(name: str) -> str:
    """The query of that name."""
    folder = files("auditor.simulate").joinpath("sql")
    return folder.joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _arrow(rows: list[dict[str, Any]]) -> "pa.Table":
    import pyarrow as pa

    return pa.Table.from_pylist(rows)


def _tables() -> dict[str, list[dict[str, Any]]]:
    """What clients are drawn from, by the names that the queries use."""
    return {
        "browsers": [*_browsers()],
        "changes": [*_changes()],
        "stores": [
            {"kind": kind, "store": store, "ended": ended}
            for kind, (store, ended) in spread.STORES.items()
        ],
        "recipes": [{"recipe": key, "revision": value} for key, value in spread.RECIPES.items()],
        "runs": [{"number": n, "events": [*_run(n)]} for n in range(spread.RUNS)],
        "failures": [
            {"number": number, **failure, "extras": _pairs(failure["extras"])}
            for number, failure in enumerate(FAILURES)
        ],
    }


def _browsers() -> Iterator[dict[str, Any]]:
    above = 0.0
    for browser in spread.BROWSERS:
        upto = above + browser.share
        yield {
            "version": browser.version,
            "channel": browser.channel,
            "samples": browser.samples,
            "has_ids": int(browser.version.split(".")[0]) <= spread.LAST_WITH_IDS,
            "above": above,
            "upto": 1.0 if browser is spread.BROWSERS[-1] else upto,
        }
        above = upto


def _changes() -> Iterator[dict[str, Any]]:
    above = 0.0
    for kind, (named, share) in spread.KINDS.items():
        for number in range(spread.CHANGES):
            slug = spread.slug_of(kind, number)
            yield {
                "kind": kind,
                "number": number,
                "above": above,
                "upto": 1.0 if kind == "nimbus_experiment" else above + share,
                "slug": slug,
                "value": slug_of(slug),
                "type": named,
                "addon_id": f"study-{number}@mozilla.org",
                "preference": f"browser.feature{number}.enabled",
            }
        above += share


def _run(number: int) -> Iterator[dict[str, Any]]:
    """The uptake events of one run of recipes: each recipe, its filter's verdict again, actions."""
    reports = []
    for place, recipe in enumerate(spread.RECIPES):
        status = spread.STATUSES[(number * 5 + place * 3) % len(spread.STATUSES)]
        reports += [(f"normandy/recipe/{recipe}", status)] * (2 if status == "backoff" else 1)
    reports += [(f"normandy/action/{action}", "success") for action in spread.ACTIONS]
    reports.append(("normandy/runner", "server_error" if number == 0 else "success"))
    for place, (source, status) in enumerate(reports):
        yield {
            "offset": 20_000 + 4 * place,
            "category": UPTAKE,
            "method": "uptake",
            "object": "normandy",
            "value": status,
            "extras": _pairs({"source": source}),
        }


def _pairs(extras: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in extras.items()]
