"""A profile's preferences, as Firefox writes them: one `user_pref(name, value);` a line.

The grammar is that of modules/libpref/parser: strings in either quotes, with JavaScript's escapes;
comments in any of three forms; white space anywhere between. Firefox writes a string in one line,
so that a string left open spoils no more than its line.
"""

import re

from auditor.stores.plain import clean

Value = str | int | bool

_STRING = r"""(?:"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*')"""
_TOKEN = re.compile(
    rf"//[^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z)"
    rf"|user_pref\s*\(\s*({_STRING})\s*,\s*({_STRING}|true|false|[+-]?\d{{1,10}})\s*\)\s*;",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_MEANT = {"n": "\n", "r": "\r", "\\": "\\", '"': '"', "'": "'"}
_LARGEST = 1 << 31


def parse_preferences(text: str) -> dict[str, Value]:
    """The preferences by name; a later line wins, and a line that Firefox would skip is skipped."""
    found: dict[str, Value] = {}
    for name, value in _TOKEN.findall(text):
        try:
            if name:
                found[_string(name)] = _value(value)
        except ValueError:
            continue
    return found


def _value(literal: str) -> Value:
    if literal in ("true", "false"):
        return literal == "true"
    if literal[0] in "\"'":
        return _string(literal)
    number = int(literal)
    if not -_LARGEST <= number < _LARGEST:
        message = "not a 32-bit number"
        raise ValueError(message)
    return number


def _string(literal: str) -> str:
    return clean(_ESCAPE.sub(_character, literal[1:-1]))


def _character(escape: re.Match[str]) -> str:
    byte, unit, other = escape.groups()
    if other is not None and other not in _MEANT:
        message = "not an escape that Firefox knows"
        raise ValueError(message)
    return _MEANT[other] if other is not None else chr(int(byte or unit, 16))
