"""Preferences are read as Firefox's own parser reads them."""

import time

import pytest

from auditor.stores.preferences import Value, parse_preferences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param('user_pref("a", true);', {"a": True}, id="a truth"),
        pytest.param('user_pref("a", -7);', {"a": -7}, id="a number below zero"),
        pytest.param('user_pref("a", +7);', {"a": 7}, id="a number with its sign"),
        pytest.param('user_pref("a", "b");', {"a": "b"}, id="a text"),
        pytest.param("user_pref('a', 'it\"s');", {"a": 'it"s'}, id="a text in single quotes"),
        pytest.param('user_pref("a", "x); y");', {"a": "x); y"}, id="the end of a line in a text"),
        pytest.param('user_pref("a", "// b /*");', {"a": "// b /*"}, id="a comment in a text"),
        pytest.param(r'user_pref("a", "\"b\" \'c\'");', {"a": "\"b\" 'c'"}, id="escaped quotes"),
        pytest.param(r'user_pref("a", "1\n2\r");', {"a": "1\n2\r"}, id="escaped line breaks"),
        pytest.param(r'user_pref("a", "\x41\u017e");', {"a": "Až"}, id="escaped letters"),
        pytest.param(r'user_pref("a", "C:\\x41");', {"a": r"C:\x41"}, id="an escaped backslash"),
        pytest.param(r'user_pref("a", "\ud83e\udd8a");', {"a": "🦊"}, id="an escaped pair"),
        pytest.param(r'user_pref("a", "b\ud83e");', {"a": "b\ufffd"}, id="half a pair"),
        pytest.param('user_pref("a", "ž🦊");', {"a": "ž🦊"}, id="letters of any alphabet"),
        pytest.param('user_pref (\n"a"\t,\n\n1 )\n;', {"a": 1}, id="many lines"),
        pytest.param('user_pref("a",1);user_pref("b",2);', {"a": 1, "b": 2}, id="one line"),
        pytest.param('user_pref("a", 1);\nuser_pref("a", 2);', {"a": 2}, id="the later line wins"),
        pytest.param('// x\n# y\n/* z */\nuser_pref("a", 1);', {"a": 1}, id="comments before"),
        pytest.param('user_pref("a", 1); // user_pref("b", 2);', {"a": 1}, id="a comment after"),
    ],
)
def test_read(text: str, found: dict[str, Value]) -> None:
    """What Firefox would take is taken."""
    assert found == parse_preferences(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param('// user_pref("b", 1);', id="a line in a comment"),
        pytest.param('# user_pref("b", 1);', id="a line in a comment of the old form"),
        pytest.param('/*\nuser_pref("b", 1);\n*/', id="a line in a comment of many lines"),
        pytest.param('user_pref("b", 1.5);', id="a fraction"),
        pytest.param('user_pref("b", NaN);', id="no number"),
        pytest.param('user_pref("b", 2147483648);', id="a number over 32 bits"),
        pytest.param('user_pref("b", ' + "9" * 5000 + ");", id="a number of 5000 digits"),
        pytest.param('user_pref("b", null);', id="null"),
        pytest.param('user_pref("b", [1]);', id="a list"),
        pytest.param('user_pref("b", 1)', id="no semicolon"),
        pytest.param('user_pref("b);', id="an open text"),
        pytest.param(r'user_pref("b", "\q");', id="an unknown escape"),
        pytest.param(r'user_pref("b", "\x4");', id="half an escape"),
    ],
)
def test_passed_over(text: str) -> None:
    """What Firefox would not take is passed over, and the lines around it are read."""
    around = f'user_pref("a", 1);\n{text}\nuser_pref("c", 3);'
    assert parse_preferences(around) == {"a": 1, "c": 3}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n" * 200_000, id="line breaks"),
        pytest.param("user_pref(" * 20_000, id="beginnings"),
        pytest.param('user_pref("a",' + " " * 200_000, id="spaces"),
        pytest.param('user_pref("' * 20_000, id="open texts"),
        pytest.param("/*" * 100_000, id="open comments"),
        pytest.param('user_pref("' + "\\" * 200_001, id="backslashes"),
    ],
)
def test_time(text: str) -> None:
    """No text takes long to read."""
    start = time.process_time()
    parse_preferences(text)
    assert time.process_time() - start < 1
