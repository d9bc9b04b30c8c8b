"""Texts turned into others of the same shape, so that what was alike stays alike.

Each letter and digit is replaced by another of its kind, by a keyed turn that depends on what
stands before it, as Crypto-PAn does with addresses. So the same text becomes the same, different
texts stay different, and a text that is cut short becomes the other one cut short. Upper case,
dashes and braces stay where they are.
"""

import hashlib
from collections.abc import Iterator
from functools import cache

_HEX = "0123456789abcdef"
_RINGS = ("0123456789", "abcdef", "ghijklmnopqrstuvwxyz")
"""Letters that are hexadecimal digits stay such: some texts are known by that."""

_VERSION = {12, 16}
"""Where a UUID tells its kind: these two of its digits stay."""

_BETWEEN = "-_{}"
_FAR = {2: "é", 3: "字", 4: "𠀀"}
"""What stands for a letter of so many bytes."""

_REPLACED = "\ufffd"


class Turning:
    """Turns texts by one key, of any length."""

    def __init__(self, key: bytes) -> None:
        """Nothing is kept but the key."""
        self._key = hashlib.sha256(key).digest()
        self.digits = cache(self._digits)
        self.letters = cache(self._letters)

    def _digits(self, text: str) -> str:
        """A UUID or its beginning, with or without dashes and braces, in any case."""
        turned = "".join(self._turned(text, (_HEX,), _BETWEEN, _VERSION))
        return turned.upper() if text.isupper() else turned

    def _letters(self, text: str) -> str:
        """Any other text."""
        return "".join(self._turned(text, _RINGS, "", set()))

    def _turned(
        self, text: str, rings: tuple[str, ...], skipped: str, kept: set[int]
    ) -> Iterator[str]:
        before, count = hashlib.blake2b(key=self._key, digest_size=8), 0
        for character in text:
            if character in skipped:
                yield character
                continue
            low = character.lower()
            ring = next((ring for ring in rings if low in ring), None)
            if ring is None or count in kept:
                yield _far(character)
            else:
                drawn = int.from_bytes(before.digest())
                turned = ring[(ring.index(low) + 1 + drawn % (len(ring) - 1)) % len(ring)]
                yield turned.upper() if character.isupper() else turned
            before.update(low.encode(errors="replace"))
            count += 1


def _far(character: str) -> str:
    """A letter outside ASCII becomes one letter that stands for all of its length."""
    if character.isascii() or character == _REPLACED:
        return character
    return _FAR[len(character.encode(errors="replace"))]
