"""SpiderMonkey's structured clones are read as the values that the browser stored."""

import struct
from datetime import UTC, datetime

import pytest

from auditor.stores.packed import UnreadableError
from auditor.stores.structured_clone import load

NULL, UNDEFINED, BOOLEAN, INT32, STRING, DATE = range(0xFFFF0000, 0xFFFF0006)
ARRAY, OBJECT = 0xFFFF0007, 0xFFFF0008
BOOLEAN_OBJECT, STRING_OBJECT, NUMBER_OBJECT, BACK_REFERENCE = range(0xFFFF000A, 0xFFFF000E)
END, MAP = 0xFFFF0013, 0xFFFF0011
LATIN1 = 0x80000000
HEADER = struct.pack("<II", 0, 0xFFF10000)
DEEPEST = 100
ID = "271df616-30dc-49ed-b8b0-2505b95bf5de"


def _word(tag: int, low: int = 0) -> bytes:
    return struct.pack("<II", low, tag)


def _double(number: float) -> bytes:
    return struct.pack("<d", number)


def _latin1(text: str, tag: int = STRING) -> bytes:
    data = text.encode("latin-1")
    return _word(tag, LATIN1 | len(data)) + data + bytes(-len(data) % 8)


def _utf16(text: str) -> bytes:
    data = text.encode("utf-16-le", "surrogatepass")
    return _word(STRING, len(data) // 2) + data + bytes(-len(data) % 8)


def _object(*members: bytes) -> bytes:
    return _word(OBJECT) + b"".join(members) + _word(END)


def _array(*items: bytes) -> bytes:
    members = (_word(INT32, index) + item for index, item in enumerate(items))
    return _word(ARRAY, len(items)) + b"".join(members) + _word(END)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        pytest.param(_word(NULL), None, id="null"),
        pytest.param(_word(UNDEFINED), None, id="undefined, as null"),
        pytest.param(_word(BOOLEAN, 1), True, id="true"),
        pytest.param(_word(BOOLEAN_OBJECT, 0), False, id="a Boolean object"),
        pytest.param(_word(INT32, 7), 7, id="a small number"),
        pytest.param(_word(INT32, 0xFFFFFFFF), -1, id="a number below zero"),
        pytest.param(_double(0.5), 0.5, id="a fraction"),
        pytest.param(_double(float("-inf")), float("-inf"), id="minus infinity"),
        pytest.param(_word(NUMBER_OBJECT) + _double(2.5), 2.5, id="a Number object"),
        pytest.param(_latin1("café"), "café", id="a text of Latin letters"),
        pytest.param(_latin1("", STRING_OBJECT), "", id="an empty String object"),
        pytest.param(_utf16("ž🦊"), "ž🦊", id="a text of other letters"),
        pytest.param(_utf16("a\ud800b"), "a\ufffdb", id="a text with half a surrogate pair"),
        pytest.param(
            _word(DATE) + _double(1_795_502_285_741),
            datetime(2026, 11, 24, 6, 38, 5, 741_000, UTC),
            id="a date",
        ),
        pytest.param(_word(DATE) + _double(float("nan")), None, id="an invalid date, as null"),
        pytest.param(_word(DATE) + _double(1e300), None, id="a date beyond all, as null"),
        pytest.param(_array(_latin1("a"), _word(NULL)), ["a", None], id="an array"),
        pytest.param(
            _object(_latin1("slug"), _latin1("bug-1"), _word(INT32, 2), _array()),
            {"slug": "bug-1", 2: []},
            id="an object with names and numbers as keys",
        ),
    ],
)
def test_value(data: bytes, value: object) -> None:
    """A value is read as what it was."""
    assert value == load(HEADER + data)


def test_without_header() -> None:
    """An old clone, without a header, is read too."""
    assert load(_object(_latin1("a"), _word(BOOLEAN, 1))) == {"a": True}


@pytest.mark.parametrize(
    "thing",
    [
        pytest.param(_object(_latin1("x"), _word(INT32, 1)), id="an object"),
        pytest.param(_array(_word(INT32, 1)), id="an array"),
        pytest.param(_word(DATE) + _double(0.0), id="a date"),
        pytest.param(_word(BOOLEAN_OBJECT, 1), id="a Boolean object"),
        pytest.param(_latin1("x", STRING_OBJECT), id="a String object"),
        pytest.param(_word(NUMBER_OBJECT) + _double(1.5), id="a Number object"),
    ],
)
def test_back_reference(thing: bytes) -> None:
    """A second mention of a thing is the same thing, whatever it is."""
    again = _word(BACK_REFERENCE, 1)
    value = load(HEADER + _object(_latin1("one"), thing, _latin1("two"), again))
    assert load(HEADER + _object(_latin1("one"), thing, _latin1("two"), thing)) == value


def test_self_reference() -> None:
    """An object that is its own member is read, once."""
    value = load(HEADER + _object(_latin1("self"), _word(BACK_REFERENCE, 0)))
    assert isinstance(value, dict)
    assert value["self"] is value


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "holds a value that is cut short or damaged", id="nothing at all"),
        pytest.param(_word(DATE), "holds a value that is cut short or damaged", id="half a date"),
        pytest.param(
            _latin1(ID)[:-8], "holds a value that is cut short or damaged", id="half a text"
        ),
        pytest.param(
            _word(STRING, 0x7FFFFFFF),
            "holds a value that is cut short or damaged",
            id="a text of four gigabytes",
        ),
        pytest.param(
            _object(_latin1(ID), _latin1(ID))[:-8],
            "holds a value that is cut short or damaged",
            id="an object without an end",
        ),
        pytest.param(
            _object(_latin1("a"), _word(BACK_REFERENCE, 1)),
            "holds a value that is cut short or damaged",
            id="a reference to what has not been",
        ),
        pytest.param(
            _word(MAP), "holds a value of an unknown kind (tag 0xffff0011)", id="an unknown kind"
        ),
        pytest.param(
            _object(_latin1("a")),
            "holds a value of an unknown kind (tag 0xffff0013)",
            id="a key without a value",
        ),
        pytest.param(
            _word(ARRAY, 1) + (_word(INT32) + _word(ARRAY, 1)) * (DEEPEST + 1),
            "holds a value nested too deeply",
            id="arrays in arrays in arrays",
        ),
    ],
)
def test_damaged(data: bytes, reason: str) -> None:
    """What cannot be read is told without anything that stood in it."""
    with pytest.raises(UnreadableError) as refused:
        load(HEADER + data)
    assert reason == str(refused.value)


def test_nested_as_deep_as_may_be() -> None:
    """A value nested to the limit is read."""
    data = (_word(ARRAY, 1) + _word(INT32)) * DEEPEST + _word(NULL) + _word(END) * DEEPEST
    assert str(load(HEADER + data)).count("[") == DEEPEST
