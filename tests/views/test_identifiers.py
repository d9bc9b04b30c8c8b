"""The views that know every identifier in the stores: what the report must not write, and why."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from auditor.audit import Options, engine_over
from auditor.history import Moment, annotate, enroll, keep_record, raw
from auditor.readings import Contracts
from auditor.stores import Stores, as_stores, tables_of
from auditor.stores.histories import written

HISTORY: list[Moment] = [
    enroll("e1", day=1),
    annotate("e2", day=2, change="other"),
    keep_record("e3", day=3, change="third"),
]
UUID = "7d9c1a55-6d3e-4f4d-9d6c-0c9d6ad1d5b3"
Rows = list[dict[str, Any]]
View = Callable[[str, Stores], Rows]


@pytest.fixture
def view() -> View:
    """The rows of a view over some stores."""

    def rows(name: str, stores: Stores) -> Rows:
        with engine_over(stores, Contracts(), Options()) as engine:
            return engine.rows(name)

    return rows


def stores_with(table: str, column: str, text: str) -> Stores:
    """Stores of the history for nobody else, with a text in one column of one table's first row."""
    stores = replace(as_stores(HISTORY), tables=tables_of(written([HISTORY])))
    write(stores, table, column, text)
    return stores


def write(stores: Stores, table: str, column: str, text: str) -> None:
    """Put a text into one column of the first row of one table."""
    query = f"UPDATE {table} SET {column} = ? WHERE rowid = 0"  # noqa: S608 - our own names
    stores.tables.session.execute(query, [text])


PLACES = [
    ("events", "enrollment_id"),
    ("annotations", "enrollment_id"),
    ("records", "enrollment_id"),
    ("pings", "client_id"),
    ("pings", "profile_group_id"),
    ("pings", "session_id"),
    ("profiles", "user_id"),
]
BY_LOOK = {
    "no UUID at all": "an identifier",
    "something before a UUID": f"x{UUID}",
    "something after a UUID": f"{UUID}x",
    "a UUID in capitals": UUID.upper(),
}


@pytest.mark.parametrize(("table", "column"), PLACES, ids=[" ".join(place) for place in PLACES])
def test_an_identifier_that_looks_like_none_is_told_to_the_writer(
    table: str, column: str, view: View
) -> None:
    """Wherever an identifier may stand."""
    found = view("strays", stores_with(table, column, "an identifier"))
    assert {row["identifier"] for row in found} == {"an identifier"}


@pytest.mark.parametrize("text", BY_LOOK.values(), ids=BY_LOOK)
def test_whatever_is_not_exactly_a_uuid_is_told_to_the_writer(text: str, view: View) -> None:
    """The writer knows UUIDs by their look."""
    found = view("strays", stores_with("events", "enrollment_id", text))
    assert [row["identifier"] for row in found] == [text]


def test_uuids_are_not_told_to_the_writer(view: View) -> None:
    """Nor is what stands for the session of a ping that has none."""
    stores = stores_with("pings", "session_id", "of ping 1")
    assert view("strays", stores) == []


def test_a_stray_is_told_once(view: View) -> None:
    """However often it stands somewhere."""
    history = [enroll(raw("an identifier"), day=1), annotate(raw("an identifier"), day=2)]
    assert [row["identifier"] for row in view("strays", as_stores(history))] == ["an identifier"]


IDENTITIES = {
    ("pings", "client_id"): "a client id",
    ("pings", "profile_group_id"): "a profile group id",
    ("pings", "session_id"): "a session id",
    ("pings", "ping"): "a document id",
    ("profiles", "user_id"): "the id that Normandy draws samples by",
}


@pytest.mark.parametrize(("place", "what"), IDENTITIES.items(), ids=IDENTITIES.values())
def test_an_identifier_is_known_for_what_it_is(
    place: tuple[str, str], what: str, view: View
) -> None:
    """What an enrollment ID could have been made of."""
    found = {row["identity"]: row["what"] for row in view("identities", stores_with(*place, UUID))}
    assert found[UUID] == what


def test_the_ids_that_all_browsers_share_are_known_for_what_they_are(view: View) -> None:
    """While upload is off, every browser has the canary ids. Nothing is known of no identifier."""
    found = {row["identity"]: row["what"] for row in view("identities", as_stores([]))}
    assert found == {
        "c0ffeec0-ffee-c0ff-eec0-ffeec0ffeec0": "the canary client id",
        "decafdec-afde-cafd-ecaf-decafdecafde": "the canary profile group id",
    }


def test_an_identifier_of_two_kinds_is_told_as_the_first_by_name(view: View) -> None:
    """The same in every run."""
    stores = stores_with("pings", "client_id", UUID)
    write(stores, "pings", "profile_group_id", UUID)
    found = [row["what"] for row in view("identities", stores) if row["identity"] == UUID]
    assert found == ["a client id"]


def test_a_document_id_that_identifies_more_than_a_ping(view: View) -> None:
    """An enrollment ID, or a client id: such a document id must not be written."""
    ids = [as_stores(HISTORY).tables["pings"]["ping"].to_pylist()[1]] * 2
    places = [("events", "enrollment_id"), ("pings", "client_id")]
    found = [
        [row["ping"] for row in view("doubles", stores_with(*place, ping))]
        for place, ping in zip(places, ids, strict=True)
    ]
    assert found == [[ids[0]], [ids[1]]]


def test_a_document_id_that_identifies_a_ping_alone(view: View) -> None:
    """It may be written: it is how a reviewer finds the evidence."""
    assert view("doubles", as_stores([*HISTORY, annotate(None, day=4)])) == []
