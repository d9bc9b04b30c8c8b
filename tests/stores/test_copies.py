"""A ping that lies in two stores, or twice in one, is one ping."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.stores import Stores

Rows = list[dict[str, Any]]


@pytest.mark.parametrize("order", [1, -1], ids=["the profile first", "the received pings first"])
def test_ping_in_two_stores(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows], order: int
) -> None:
    """A ping in the profile and among the received is one; that of the shutdown was not sent."""
    recording = recordings / "firefox-115-clean"
    alone = rows(read(recording / "received.ndjson"), "pings")
    both = read(*[recording / "profile", recording / "received.ndjson"][::order])
    expected = {(row["ping"], row["received"]) for row in alone}
    assert expected | {("d3848218-0a53-4814-b1ec-612acebdf1b4", None)} == {
        (row["ping"], row["received"]) for row in rows(both, "pings")
    }


@pytest.mark.parametrize("order", [1, -1], ids=["the profile first", "the received pings first"])
def test_events_in_two_stores(
    recordings: Path, read: Callable[..., Stores], rows: Callable[[Stores, str], Rows], order: int
) -> None:
    """Events of a ping in two stores stand once, in the same order as in one store."""
    recording = recordings / "firefox-115-upload-off-on"
    alone = rows(read(recording / "profile"), "events")
    both = read(*[recording / "profile", recording / "received.ndjson"][::order])
    assert sorted(alone, key=_place) == sorted(rows(both, "events"), key=_place)


def _place(event: dict[str, Any]) -> tuple[object, ...]:
    return event["ping"], event["process"], event["position"]
