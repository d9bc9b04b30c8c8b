"""Delta debugging, on things that anybody can count."""

from collections.abc import Sequence

import pytest

from auditor.reproduce.deltas import smallest


@pytest.mark.parametrize(
    "needed",
    [
        pytest.param(set(), id="nothing is needed"),
        pytest.param({0}, id="the first is needed"),
        pytest.param({99}, id="the last is needed"),
        pytest.param({3, 50, 51, 98}, id="several far apart are needed"),
        pytest.param({*range(100)}, id="all are needed"),
    ],
)
def test_what_is_needed_is_left_and_nothing_else(needed: set[int]) -> None:
    """Where some things together are needed, those are left, in their order."""
    assert sorted(needed) == smallest(range(100), lambda kept: needed <= {*kept})


def test_of_two_ways_one_is_left_from_which_nothing_can_be_left_out() -> None:
    """Things that can stand for each other are not both kept."""
    kept = smallest(range(20), lambda kept: {3, 4} <= {*kept} or 17 in kept)
    assert kept in ([3, 4], [17])


def test_few_looks_are_enough_for_one_thing_among_many() -> None:
    """One thing among a thousand is found by halves."""
    looks = []

    def happens(kept: Sequence[int]) -> bool:
        looks.append(kept)
        return 700 in kept

    smallest(range(1000), happens)
    assert len(looks) < 40


def test_things_that_are_alike_are_told_apart_by_their_place() -> None:
    """Of two equal things one is enough, where one is."""
    assert smallest(["a", "b", "a"], lambda kept: "a" in kept) == ["a"]
