"""A profile's preferences, as Firefox writes them: one `user_pref(name, value);` a line."""

import json
import re

Value = str | int | bool

_LINE = re.compile(r'^\s*user_pref\(\s*("(?:[^"\\]|\\.)*")\s*,\s*(.+?)\s*\)\s*;', re.MULTILINE)
_ESCAPED = re.compile(r"\\x([0-9a-fA-F]{2})")


def parse_preferences(text: str) -> dict[str, Value]:
    """The preferences by name; a later line wins, and a line that Firefox would skip is skipped."""
    found: dict[str, Value] = {}
    for name, value in _LINE.findall(text):
        try:
            key, parsed = _literal(name), _literal(value)
        except ValueError:
            continue
        if isinstance(key, str) and isinstance(parsed, Value):
            found[key] = parsed
    return found


def _literal(text: str) -> object:
    """JSON, but for hexadecimal escapes and escaped quotes, which Firefox's parser also knows."""
    return json.loads(_ESCAPED.sub(r"\\u00\1", text).replace(r"\'", "'"))
