"""SpiderMonkey's structured clone: a JavaScript value in the form in which IndexedDB keeps it.

A value is a sequence of 64-bit words, little-endian: a tag in the upper half and data in the
lower, or a double where the upper half is below every tag. Source: js/src/vm/StructuredClone.cpp.
"""

import struct
from datetime import UTC, datetime

from auditor.stores.packed import UnreadableError

_HEADER, _NULL, _UNDEFINED, _BOOLEAN, _INT32, _STRING, _DATE = (
    0xFFF10000, 0xFFFF0000, 0xFFFF0001, 0xFFFF0002, 0xFFFF0003, 0xFFFF0004, 0xFFFF0005,
)  # fmt: skip
_ARRAY, _OBJECT, _BOOLEAN_OBJECT, _STRING_OBJECT, _NUMBER_OBJECT, _BACK_REFERENCE, _END = (
    0xFFFF0007, 0xFFFF0008, 0xFFFF000A, 0xFFFF000B, 0xFFFF000C, 0xFFFF000D, 0xFFFF0013,
)  # fmt: skip
_LAST_OF_A_DOUBLE = 0xFFF00000  # minus infinity's upper half
_LATIN1 = 0x80000000
_DEEPEST = 100
_LARGEST_DATE_MS = 8.64e15

Value = None | bool | int | float | str | datetime | list["Value"] | dict[str | int, "Value"]


def load(data: bytes) -> Value:
    """The value. Raises UnreadableError when the data is cut short or has an unknown tag."""
    try:
        return _Reader(data).document()
    except (struct.error, UnicodeDecodeError, IndexError, OverflowError):
        message = "holds a value that is cut short or damaged"
        raise UnreadableError(message) from None


class _Reader:
    """A position in the words, and the objects met so far (for references back to them)."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.met: list[Value] = []

    def document(self) -> Value:
        tag, _ = self.word()
        if tag != _HEADER:
            self.at = 0
        return self.value(*self.word(), depth=0)

    def word(self) -> tuple[int, int]:
        low, high = struct.unpack_from("<II", self.data, self.at)
        self.at += 8
        return high, low

    def double(self) -> float:
        (number,) = struct.unpack_from("<d", self.data, self.at)
        self.at += 8
        return float(number)

    def text(self, low: int) -> str:
        length = low & ~_LATIN1
        size = length if low & _LATIN1 else length * 2
        raw = self.data[self.at : self.at + size]
        if len(raw) < size:
            raise IndexError
        self.at += -(-size // 8) * 8
        return raw.decode("latin-1") if low & _LATIN1 else raw.decode("utf-16-le", "replace")

    def value(self, tag: int, low: int, depth: int) -> Value:
        if depth > _DEEPEST:
            message = "holds a value nested too deeply"
            raise UnreadableError(message)
        if tag <= _LAST_OF_A_DOUBLE:
            self.at -= 8
            return self.double()
        if tag in (_NULL, _UNDEFINED):
            return None
        if tag == _BOOLEAN:
            return bool(low)
        if tag == _INT32:
            return low - (1 << 32) if low >> 31 else low
        if tag == _STRING:
            return self.text(low)
        return self.thing(tag, low, depth)

    def thing(self, tag: int, low: int, depth: int) -> Value:
        """What may be referred to again."""
        if tag == _BACK_REFERENCE:
            return self.met[low]
        if tag in (_ARRAY, _OBJECT):
            return self.members(tag, depth)
        if tag == _BOOLEAN_OBJECT:
            value: Value = bool(low)
        elif tag == _STRING_OBJECT:
            value = self.text(low)
        elif tag == _NUMBER_OBJECT:
            value = self.double()
        elif tag == _DATE:
            value = _date(self.double())
        else:
            message = f"holds a value of an unknown kind (tag {tag:#x})"
            raise UnreadableError(message)
        self.met.append(value)
        return value

    def members(self, tag: int, depth: int) -> Value:
        """An array or an object, whose members may refer back to it."""
        members: dict[str | int, Value] = {}
        slot = len(self.met)
        self.met.append(members)
        while (word := self.word())[0] != _END:
            key = self.value(*word, depth=depth + 1)
            item = self.value(*self.word(), depth=depth + 1)
            members[key if isinstance(key, str | int) else repr(type(key))] = item
        value: Value = list(members.values()) if tag == _ARRAY else members
        self.met[slot] = value
        return value


def _date(number: float) -> datetime | None:
    """A Date's milliseconds as a time in UTC; an invalid Date (NaN) is none."""
    if not abs(number) <= _LARGEST_DATE_MS:
        return None
    try:
        return datetime.fromtimestamp(number / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
