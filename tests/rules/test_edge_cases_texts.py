"""Edge cases of the rules about texts: each part of the forms that they look for, by itself."""

from collections.abc import Callable, Iterable

import pytest

from auditor.history import Moment, change_preference, enroll, event, recipe
from auditor.report import Verdict

Judge = Callable[[str, Iterable[Moment]], Verdict]

FORM = "failure_reason_in_unknown_form"
PERSON = "failure_reason_names_a_person"
NAME = "preference_name_is_not_a_name"
CUT = "truncated_inside_a_character"
VALUE = "preference_value_reported"

HOLDS = {
    FORM: [
        "resource://a/b.mjs:1:2 TypeError",
        "chrome://a/b.js:1:2 Error",
        "moz-src://a/b.mjs:1:2 Error",
        "moz-extension://a/b.js:1:2 Error",
        "resource://a:undefined Error",
        "resource://a:1:undefined Error",
        "resource://a:1 ",
        "undefined:1 Error",
        "undefined:undefined Error",
        "undefined:1:2 Error",
        "undefined:1:undefined Error",
        "resource://" + "a" * 66,
        "chrome://" + "a" * 68,
        "moz-src://" + "a" * 67,
        "moz-extension://" + "a" * 61,
    ],
    PERSON: [
        "ab:/x",
        "/homework/x",
        "/home",
        "a@b",
        "@b.cd",
        "a @b.cd",
        "1.2.3",
        "1.2.3.4.5",
        "0.1.2.3.4",
        "1234.1.2.3",
        "1.2.3.4567",
        "a:b:c:1",
        "a b",
        "1: 2",
        "a:b",
    ],
    NAME: ["a/b", "ab:/c", "a{b}", "a[b]", "a{b", "a:b", "a:b}"],
    CUT: ["x" * 74 + "y\ufffdzz", "x" * 73 + "\ufffd"],
}

BREAKS = {
    FORM: [
        "x resource://a:1 Error",
        "xresource://a:1 Error",
        "resource://a:1 Error: more",
        "resource://a:1 Error more",
        "resource://a b:1 Error",
        "resource://a:x Error",
        "resource://a:1:x Error",
        "resource://a Error",
        "file://a:1 Error",
        "undefined:x Error",
        "undefined:1:x Error",
        "undefined:1 Error more",
        "xundefined:1 Error",
        "resource://" + "a" * 65,
        "xresource://" + "a" * 66,
        "resource://" + "a" * 66 + " ",
        "file://" + "a" * 70,
    ],
    PERSON: [
        "C:/x",
        "C:\\x",
        "(C:/x",
        "/home/x",
        "/Users/x",
        "/root/x",
        "x\\Profiles\\y",
        "file:x",
        "x~/y",
        "jo@home.example",
        "10.0.0.1",
        "x10.0.0.1",
        "10.0.0.1x",
        "100.200.100.200",
        "fe80:1:2:3:",
        "http:x",
        "https:x",
        "ws:x",
        "wss:x",
        "ftp:x",
        "data:x",
        "blob:x",
        "about:x",
        "a b c",
        " a b c",
        "Error: x",
    ],
    NAME: [
        *("a=b", "a b", "a\tb", 'a"b', "a'b", "a<b", "a>b", "a\\b"),
        *("a://b", "/a", "C:/a", "{a", "[a", "a{b:c}"),
    ],
    CUT: ["x" * 74 + "\ufffd", "x" * 77 + "\ufffd"],
}

TELLERS: dict[str, Callable[[str], Moment]] = {
    FORM: lambda text: event(
        "enrollFailed", None, day=1, kind="addon_study", extras={"reason": text}
    ),
    PERSON: lambda text: event(
        "enrollFailed", None, day=1, kind="addon_study", extras={"reason": text}
    ),
    NAME: lambda text: change_preference("e1", day=1, name=text),
    CUT: lambda text: enroll("e1", day=1, extras={"detail": text, "long": "y" * 77}),
}

LONG = "strict-7731-and-more"
STANDS = {
    "in a text of 77 bytes that ends in its first eight characters": "y" * 69 + "strict-7",
    "in a text that ends in all but its last": "y" * 60 + LONG[:-1],
}
STANDS_NOT = {
    "in a text of 76 bytes that ends in its first eight characters": "y" * 68 + "strict-7",
    "in a text of 77 bytes that ends in its first seven characters": "y" * 70 + "strict-",
    "in a text of 80 bytes that ends in another": "y" * 69 + "strict-7732",
}


def cases(table: dict[str, list[str]]) -> list[object]:
    """Every text of a table, under its rule."""
    return [
        pytest.param(rule, text, id=f"{rule}: {text!a}")
        for rule, texts in table.items()
        for text in texts
    ]


@pytest.mark.parametrize(("name", "text"), cases(HOLDS))
def test_a_text_that_only_looks_like_a_breach(name: str, text: str, judge: Judge) -> None:
    """The promise is shown to hold."""
    assert judge(name, [TELLERS[name](text)]).verdict == "holds"


@pytest.mark.parametrize(("name", "text"), cases(BREAKS))
def test_a_text_that_breaks_a_promise(name: str, text: str, judge: Judge) -> None:
    """One part of what is looked for is enough."""
    assert judge(name, [TELLERS[name](text)]).verdict == "broken"


@pytest.mark.parametrize("text", STANDS.values(), ids=STANDS)
def test_the_beginning_of_a_value_stands_where_a_text_was_cut(text: str, judge: Judge) -> None:
    """The value is found."""
    history = [recipe(preference="a.b", value=LONG), enroll("e1", day=1, extras={"detail": text})]
    assert judge(VALUE, history).verdict == "broken"


@pytest.mark.parametrize("text", STANDS_NOT.values(), ids=STANDS_NOT)
def test_too_little_of_a_value_proves_nothing(text: str, judge: Judge) -> None:
    """Too few of its characters, or in a text that was not cut."""
    history = [recipe(preference="a.b", value=LONG), enroll("e1", day=1, extras={"detail": text})]
    assert judge(VALUE, history).verdict == "holds"
