"""The last look at what is about to be written: no raw value that the stores hold may be in it.

It knows nothing of the writer's pen. It takes identifiers and preference values from the base
tables themselves, undoes what a format may have done to a text, and searches. What it cannot tell
from any other text, it does not look for: a value of few characters, a plain word, a mere number.
"""

import base64
import binascii
import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from urllib.parse import unquote

from auditor import values
from auditor.stores import Room, Stores

_PERSONAL = {
    "events": ("enrollment_id",),
    "annotations": ("enrollment_id",),
    "records": ("enrollment_id",),
    "pings": ("client_id",),
    "profiles": ("client_id",),
}
_OTHERS = {
    "pings": ("profile_group_id", "session_id"),
    "profiles": ("user_id", "session_id"),
}
"""Identifiers that some sender may have used as a document id too, which is shown."""

_UUID = "[0-9a-f]{8}(?:[-_]?[0-9a-f]{4}){3}[-_]?[0-9a-f]{12}"
_WHOLE_UUID = re.compile(_UUID)
_DASHES = re.compile("[-_]")
_DIGITS = 32
_RUN = re.compile(f"[0-9a-f][0-9a-f_-]{{{_DIGITS - 1},}}")
_BRACES = "{}"
_CODED = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|[nrtbf])")
_BROKEN_UP = re.compile(r"\x1b\[[0-9;]*m|[\s\\│|]+")
_LETTER = re.compile(r"[^\W\d_]")
_BEGINNING = values.LONG
_FEW = 500
"""Beginnings of values that are sought one by one, which for so many is faster than one pass."""


class LeakError(Exception):
    """What was to be written has a raw value of the stores in it. Which one, is not told."""


class Leaks:
    """What must not be written, of one audit's stores."""

    def __init__(self, stores: Stores) -> None:
        """Take every identifier, and every preference value that can be told inside a text."""
        import pyarrow as pa

        tables = stores.tables
        shown = set(_plain_ids(tables.different("pings", "ping")))
        personal = {*_held(tables, _PERSONAL)}
        others = {text for text in _held(tables, _OTHERS) if not text.startswith("of ping ")}
        ids = {*_plain_ids(personal)} | ({*_plain_ids(others)} - shown)
        self._ids = pa.array(sorted(ids), pa.string())
        strays = (text for text in personal | others if not _WHOLE_UUID.fullmatch(_bare(text)))
        asked = tables.different("recipes", "value")
        self._strays = {_undone(text) for text in strays if _tells(text)}
        self._values = {_undone(text) for text in asked if text and _tells(text)}

    def refuse(self, data: bytes, own: bytes = b"", names: bytes = b"") -> None:
        """Raise LeakError when a value is in what is to be written.

        `own` holds auditor's own words, as they are written when nothing is found, and `names`
        those of files: what stands in the first proves nothing, nor does a preference value that
        stands in the second.
        """
        text = data.decode(errors="replace")
        seen = "\n".join((_undone(text), *map(_undone, _decoded(text))))
        innocent = _undone(own.decode(errors="replace"))
        places = _undone(names.decode(errors="replace"))
        if (
            self._names_any(seen)
            or _holds_any(seen, self._strays, innocent)
            or _holds_any(seen, self._values, f"{innocent}\n{places}")
        ):
            raise LeakError

    def _names_any(self, text: str) -> bool:
        import pyarrow as pa
        import pyarrow.compute as pc

        runs = {_DASHES.sub("", run) for run in _RUN.findall(text)}
        named = {run[at : at + _DIGITS] for run in runs for at in range(len(run) - _DIGITS + 1)}
        among = pc.is_in(self._ids, value_set=pa.array(sorted(named), pa.string()))
        return bool(pc.any(among, min_count=0).as_py())


def _holds_any(text: str, known: set[str], innocent: str) -> bool:
    """Whether one of the known texts is in the text, but not among what is innocent."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for each in known:
        lengths[each[:_BEGINNING]].add(len(each))
    return any(
        found in known and found not in innocent
        for beginning in _standing(lengths.keys(), text)
        for at in _places(beginning, text)
        for found in (text[at : at + length] for length in lengths[beginning])
    )


def _standing(beginnings: AbstractSet[str], text: str) -> set[str]:
    """Which of the beginnings stand in the text."""
    if len(beginnings) <= _FEW:
        return {beginning for beginning in beginnings if beginning in text}
    # One slow pass over the text, however many there are.
    windows = (text[at : at + _BEGINNING] for at in range(len(text) - _BEGINNING + 1))
    return set(beginnings).intersection(windows)


def _places(beginning: str, text: str) -> Iterator[int]:
    at = text.find(beginning)
    while at >= 0:
        yield at
        at = text.find(beginning, at + 1)


def _held(tables: Room, columns: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for table, names in columns.items():
        for name in names:
            yield from filter(None, tables.different(table, name))


def _bare(text: str) -> str:
    return text.strip(_BRACES).lower()


def _plain_ids(texts: Iterable[str]) -> Iterator[str]:
    """UUIDs as 32 digits."""
    return (_DASHES.sub("", bare) for text in texts if _WHOLE_UUID.fullmatch(bare := _bare(text)))


def _tells(text: str) -> bool:
    """Whether finding the text would prove anything."""
    undone = _undone(text)
    return (
        values.stands_out(text)
        and len(undone) >= _BEGINNING
        and _LETTER.search(undone) is not None
        and values.proves(text, set())
    )


def _undone(text: str) -> str:
    """A text without what a format does to one: escapes, breaks and case."""
    plain = unquote(_ESCAPED.sub(_character, html.unescape(text)))
    whole = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _BROKEN_UP.sub("", whole).lower()


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    # What stands for a break is one.
    return "\n" if code is None else chr(min(int(code, 16), 0x10FFFF))


def _decoded(text: str) -> Iterator[str]:
    """What the text holds in base64 or as hexadecimal digits."""
    for run in set(_CODED.findall(text)):
        whole = run.translate(str.maketrans("-_", "+/"))
        # One character too many is no byte: what ends there was cut short.
        whole = whole[:-1] if len(whole) % 4 == 1 else whole + "=" * (-len(whole) % 4)
        yield base64.b64decode(whole).decode(errors="replace")
    for run in set(_HEX.findall(text)):
        yield binascii.unhexlify(run).decode(errors="replace")
