"""Secrets in texts, and what comes in their places."""

import base64
from typing import Any
from urllib.parse import quote

import pytest

from auditor.history import FILLER
from auditor.reproduce.secrecy import Secrets
from auditor.stores.tables import TABLES, Ping, Recipe, as_arrow

CLIENT = "6903c73a-9327-4fb1-974e-e2be99318484"
VALUE = "https://Example.org/?q=Ada"
RECIPE = Recipe("recipes", "a-study", "a-branch", "a.preference", VALUE, "str")
SHORT = RECIPE._replace(preference="b.preference", value="7")


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    """The secrets of a store with one client, one stray identifier and two preference values."""
    pings = [
        Ping("0", "aaaaaaaa-0000-4000-8000-000000000001", None, "a file", "main", CLIENT),
        Ping("1", "aaaaaaaa-0000-4000-8000-000000000002", None, "a file", "main", "ada-s laptop"),
    ]
    rows: dict[str, list[Any]] = {"pings": pings, "recipes": [RECIPE, SHORT]}
    tables = {name: as_arrow(kind, rows.get(name, [])) for name, kind in TABLES.items()}
    return Secrets(tables, b"a key")


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        pytest.param(f"client {CLIENT}!", CLIENT, id="an identifier inside a text"),
        pytest.param(CLIENT.upper(), CLIENT, id="an identifier in upper case"),
        pytest.param(f"x{CLIENT.replace('-', '')}", CLIENT.replace("-", ""), id="without dashes"),
        pytest.param("a text that ends in 6903c73a-93", "6903c73a-93", id="cut short"),
        pytest.param("of ADA-S LAPTOP", "ada-s laptop", id="an identifier without a look"),
        pytest.param(f"see {VALUE}", VALUE, id="a value inside a text"),
        pytest.param(quote(VALUE, safe=""), quote("Example.org", safe=""), id="percent-encoded"),
        pytest.param(VALUE.encode().hex(), VALUE.encode().hex(), id="a value in hexadecimal"),
        pytest.param(
            base64.b64encode(VALUE.encode()).decode(), "aHR0cHM6Ly9FeGFt", id="a value in base64"
        ),
        pytest.param("x" * 68 + VALUE[:12], VALUE[:12], id="a value cut short by the limit"),
        pytest.param("b.preference = 7", "= 7", id="a short value assigned to its preference"),
    ],
)
def test_a_secret_is_replaced_wherever_it_stands(secrets: Secrets, text: str, gone: str) -> None:
    """In any form in which rules look for it, and the text keeps its length."""
    made = secrets.without(text)
    assert gone.lower() not in made.lower()
    assert len(text) == len(made)


def test_a_value_stays_recognisable_as_the_other_value(secrets: Secrets) -> None:
    """What a text shows of a value is what it then shows of the other one, encoded too."""
    other = secrets.instead(VALUE)
    assert f"see {other}" == secrets.without(f"see {VALUE}")
    assert other.encode().hex() == secrets.without(VALUE.encode().hex())
    assert quote(other, safe="") == secrets.without(quote(VALUE, safe=""))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FILLER, id="the filler"),
        pytest.param("c0ffeec0-ffee-c0ff-eec0-ffeec0ffeec0", id="the canary client id"),
        pytest.param("bug-1801001-study", id="a name"),
        pytest.param("built on 20231114", id="eight digits that begin no identifier"),
    ],
)
def test_what_identifies_nobody_stays(secrets: Secrets, text: str) -> None:
    """Rules know the filler and the canaries by their words."""
    assert text == secrets.without(text)


def test_a_disguised_text_keeps_the_words_by_which_its_form_is_known(secrets: Secrets) -> None:
    """A path stays a path and an address an address: of their parts nothing is left."""
    made = secrets.disguised("file:///home/ada/normandy/recipe/12")
    assert made.startswith("file:///home/")
    assert "/normandy/recipe/" in made
    assert "ada" not in made
