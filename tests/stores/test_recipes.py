"""Recipes are found in whatever JSON the server's answers were kept."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.stores.packed import UnreadableError
from auditor.stores.recipes import read_recipes

Asked = tuple[str | None, str | None, str, str, str]

ROLLOUT = {
    "slug": "r",
    "preferences": [
        {"preferenceName": "p", "value": "v"},
        {"preferenceName": "q", "value": False},
    ],
}
STUDY = {
    "slug": "s",
    "branches": [
        {"slug": "a", "preferences": {"p": {"preferenceValue": 1}}},
        {"slug": "b", "preferences": {"p": {"preferenceValue": 2}}},
    ],
}
OLD_STUDY = {"slug": "o", "preferenceName": "p", "branches": [{"slug": "a", "value": "v"}]}


@pytest.fixture
def asked(tmp_path: Path) -> Callable[[str], list[Asked]]:
    """Read a file of recipes with this content."""

    def read(text: str) -> list[Asked]:
        path = tmp_path / "recipes.json"
        path.write_text(text)
        found = read_recipes(path)
        return [(row.slug, row.branch, row.preference, row.value, row.value_type) for row in found]

    return read


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(
            ROLLOUT,
            [("r", None, "p", "v", "str"), ("r", None, "q", "false", "bool")],
            id="a rollout",
        ),
        pytest.param(
            STUDY, [("s", "a", "p", "1", "int"), ("s", "b", "p", "2", "int")], id="a study"
        ),
        pytest.param(OLD_STUDY, [("o", "a", "p", "v", "str")], id="a study of one preference"),
        pytest.param({"slug": "x", "branches": 7, "preferences": {}}, [], id="other types"),
        pytest.param({"preferences": [7, {"value": []}]}, [], id="values of other types"),
    ],
)
def test_actions(
    asked: Callable[[str], list[Asked]],
    arguments: dict[str, object],
    expected: list[Asked],
) -> None:
    """Every action's way to ask for preferences is known."""
    assert expected == asked(json.dumps({"arguments": arguments}))


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param({"arguments": OLD_STUDY}, id="a recipe"),
        pytest.param([{"id": 1, "arguments": OLD_STUDY}], id="the server's list"),
        pytest.param([{"recipe": {"arguments": OLD_STUDY}}], id="signed recipes"),
        pytest.param({"data": [{"recipe": {"arguments": OLD_STUDY}}]}, id="Remote Settings"),
    ],
)
def test_places(asked: Callable[[str], list[Asked]], whole: object) -> None:
    """Recipes are found wherever they stand."""
    assert asked(json.dumps(whole)) == [("o", "a", "p", "v", "str")]


def test_order(asked: Callable[[str], list[Asked]]) -> None:
    """Recipes come in the order of the file."""
    whole = [{"arguments": ROLLOUT}, {"x": {"arguments": STUDY}}, {"arguments": OLD_STUDY}]
    assert [row[0] for row in asked(json.dumps(whole))] == ["r", "r", "s", "s", "o"]


def test_deep(asked: Callable[[str], list[Asked]]) -> None:
    """A recipe deep inside is found."""
    inside = json.dumps({"arguments": OLD_STUDY})
    assert asked("[" * 800 + inside + "]" * 800) == [("o", "a", "p", "v", "str")]


def test_unreadable(asked: Callable[[str], list[Asked]]) -> None:
    """A file that is no JSON is refused."""
    with pytest.raises(UnreadableError, match=r"^is not JSON \(line 1, column 1\)$"):
        asked("S3CRET")
