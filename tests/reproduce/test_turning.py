"""Texts turned into others of the same shape."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.reproduce.turning import Turning

TURNING = Turning(b"a key")
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\ufffd"), max_size=60)
PLAIN = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=40)
UUIDS = st.uuids(version=4).map(str)


@given(PLAIN)
def test_no_letter_and_no_digit_stays(text: str) -> None:
    """Each character is another one, so that nothing of a text is left."""
    assert not any(old == new for old, new in zip(text, TURNING.letters(text), strict=True))


@given(PLAIN, PLAIN)
def test_different_texts_stay_different(text: str, other: str) -> None:
    """Two texts are turned into one only if they are one."""
    assert (text == other) == (TURNING.letters(text) == TURNING.letters(other))


@given(PLAIN, st.integers(0, 40))
def test_a_text_cut_short_is_the_other_one_cut_short(text: str, length: int) -> None:
    """What a limit cuts off leaves the same beginning."""
    assert TURNING.letters(text)[:length] == TURNING.letters(text[:length])


@given(TEXTS)
def test_a_text_is_as_long_as_it_was(text: str) -> None:
    """In characters and in bytes: rules measure both."""
    turned = TURNING.letters(text)
    assert (len(text), len(text.encode())) == (len(turned), len(turned.encode()))


@given(UUIDS)
def test_forms_of_one_uuid_are_forms_of_one_other(text: str) -> None:
    """Upper case, missing dashes and braces stay, and the digits are the same in each."""
    turned = TURNING.digits(text)
    assert turned.upper() == TURNING.digits(text.upper())
    assert turned.replace("-", "") == TURNING.digits(text.replace("-", ""))
    assert f"{{{turned}}}" == TURNING.digits(f"{{{text}}}")


@given(UUIDS)
def test_a_uuid_of_the_fourth_version_stays_one(text: str) -> None:
    """The digits that tell a UUID's kind are kept, and the rest is another's."""
    turned = TURNING.digits(text)
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", turned
    )
    assert text != turned


@pytest.mark.parametrize("text", ["Ada_Lovelace-7", "a b=c", "x@y.example"])
def test_what_is_no_letter_and_no_digit_stays(text: str) -> None:
    """Signs, spaces and upper case are the shape of a text."""
    shape = re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub("[0-9]", "0", text)))
    turned = TURNING.letters(text)
    assert shape == re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub("[0-9]", "0", turned)))


def test_another_key_gives_another_text() -> None:
    """Without the key nobody can tell what a text was."""
    assert Turning(b"another key").letters("fortunes") != TURNING.letters("fortunes")
