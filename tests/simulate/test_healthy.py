"""Healthy clients: the same for the same seed, and as odd as real browsers are."""

from typing import TYPE_CHECKING, Any

import pytest

from auditor.history import FILLER
from auditor.simulate.healthy import draw, drawing
from auditor.stores.plain import CANARY

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

CLIENTS = range(3000)


@pytest.fixture(scope="module")
def engine() -> "Iterator[duckdb.DuckDBPyConnection]":
    """Three thousand clients."""
    with drawing(7) as engine:
        draw(engine, CLIENTS)
        yield engine


def told(seed: int, clients: range) -> list[Any]:
    """All pings of some clients, in the order in which they are written."""
    with drawing(seed) as engine:
        draw(engine, clients)
        return engine.execute("SELECT * FROM told").fetchall()


def test_the_same_seed_gives_the_same_fleet() -> None:
    """Drawn twice, a fleet is the same to the last ping, and another seed gives another."""
    once = told(7, range(50))
    assert once == told(7, range(50))
    assert {row[0] for row in once}.isdisjoint(row[0] for row in told(8, range(50)))


def test_a_client_does_not_depend_on_the_others() -> None:
    """Clients are the same in whichever range they are drawn: shards are one fleet."""
    apart = told(7, range(20)) + told(7, range(20, 50))
    assert sorted(map(str, apart)) == sorted(map(str, told(7, range(50))))


def test_nothing_is_longer_than_the_platform_lets_through(
    engine: "duckdb.DuckDBPyConnection",
) -> None:
    """Values and extras are at most 80 bytes long, and some were cut to that."""
    query = """
        SELECT max(strlen(event.value)), max(list_max(list_transform(
            event.extras, lambda extra: strlen(extra.value)
        ))) FROM (SELECT unnest(events) AS event FROM told)
    """
    found = engine.execute(query).fetchall()
    assert found == [(80, 80)]


def test_events_of_a_ping_stand_in_the_order_of_their_times(
    engine: "duckdb.DuckDBPyConnection",
) -> None:
    """As in a browser, which adds each event to the end of the list."""
    query = """
        WITH offsets AS (
            SELECT list_transform(events, lambda event: event.offset) AS offsets FROM told
        )
        SELECT count(*) FROM offsets WHERE offsets <> list_sort(offsets)
    """
    found = engine.execute(query).fetchall()
    assert found == [(0,)]


ODDITIES = {
    "a ping that arrives twice": "copies = 2",
    "a ping that never arrives": "lost",
    "a ping that arrives days later": "received - created > 86400000",
    "a clock that is ahead by hours": "received < created - 3600000",
    "a ping made while upload is off": f"client_id = '{CANARY}'",
    "a deletion request": "document_type = 'deletion-request'",
    "a browser without enrollment IDs": "version IN ('128.5.0', '140.2.0')",
    "a slug longer than 80 bytes": "list_max(list_transform(experiments, "
    "lambda entry: strlen(entry.key))) > 80",
    "an annotation with the filler": "list_contains(list_transform(experiments, "
    f"lambda entry: entry.enrollment_id), '{FILLER}')",
}


@pytest.mark.parametrize("oddity", ODDITIES)
def test_a_fleet_is_as_odd_as_real_ones(oddity: str, engine: "duckdb.DuckDBPyConnection") -> None:
    """What happens to real pings happens to some of a fleet's, and to few."""
    query = f"SELECT count(*) FILTER ({ODDITIES[oddity]}) / count(*) FROM told"  # noqa: S608 - ours
    ((share,),) = engine.execute(query).fetchall()
    assert 0 < share < 0.25


def test_a_person_who_returns_has_a_new_client_id(engine: "duckdb.DuckDBPyConnection") -> None:
    """Upload off and on again: one profile, a canary in between, two client ids."""
    query = f"""
        SELECT DISTINCT count(DISTINCT client_id) FROM told
        GROUP BY profile HAVING bool_or(client_id = '{CANARY}') ORDER BY ALL
    """  # noqa: S608 - a constant of ours
    found = engine.execute(query).fetchall()
    assert found == [(2,), (3,)]


def test_a_copied_profile_sends_from_two_computers(engine: "duckdb.DuckDBPyConnection") -> None:
    """Sessions of one client id overlap."""
    query = """
        SELECT count(DISTINCT one.client_id) > 0 FROM told AS one JOIN told AS other
        ON one.client_id = other.client_id AND one.session_id <> other.session_id
            AND one.process_start = other.process_start
    """
    found = engine.execute(query).fetchall()
    assert found == [(True,)]
