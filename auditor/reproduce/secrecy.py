"""What must not stay in a reproducer: where it stands in a text, and what comes in its place.

UUIDs are known by their look, in any case, with dashes or without; other identifiers, and the
values of preferences, by the stores in which they stand. Values are found encoded and cut short as
well.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from auditor import values
from auditor.history import FILLER
from auditor.reproduce.turning import Turning
from auditor.stores.tables import Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

NOBODYS = {
    FILLER,
    "c0ffeec0-ffee-c0ff-eec0-ffeec0ffeec0",
    "decafdec-afde-cafd-ecaf-decafdecafde",
}
"""What stands for no identifier: the same in every browser."""

_COLUMNS = {
    "events": ("enrollment_id",),
    "annotations": ("enrollment_id",),
    "records": ("enrollment_id",),
    "pings": ("ping", "client_id", "profile_group_id", "session_id"),
    "profiles": ("client_id", "user_id", "session_id"),
}
_UUID = r"[0-9a-f]{8}(?:[-_]?[0-9a-f]{4}){3}[-_]?[0-9a-f]{12}"
_DIGITS = re.compile(r"\{?[0-9a-f]{8}[0-9a-f_-]*\}?", re.IGNORECASE)
_CUT = re.compile(r"[0-9a-f]{8}[0-9a-f_-]*$", re.IGNORECASE)
_BEGINNING = 8
_SIGNS = "=|:|: | = "


class Secrets:
    """The secrets of one audit's stores, and the texts that come in their places."""

    def __init__(self, recorded: "Mapping[str, pa.Table]", key: bytes) -> None:
        """Take every identifier and every preference value from the recorded base tables."""
        self._turning = Turning(key)
        ids = {*_identifiers(recorded)} - NOBODYS
        self._begun = {_bare(text)[:_BEGINNING] for text in ids if _DIGITS.fullmatch(text)}
        recipes = [Recipe(**row) for row in recorded["recipes"].to_pylist()]
        asked = {recipe.value for recipe in recipes if values.proves(recipe.value, set())}
        strays = {text for text in ids if not re.search(_UUID, text, re.IGNORECASE)}
        self._whole = {text.lower() for text in asked | strays}
        self._inside = {text for text in asked | strays if values.stands_out(text)}
        self._encoded = {
            form: other
            for value in sorted(self._inside)
            for form, other in zip(
                values.encoded(value), values.encoded(self.instead(value)), strict=True
            )
            if form != value
        }
        self._found = re.compile("|".join([*self._patterns(recipes), _UUID]), re.IGNORECASE)

    def _patterns(self, recipes: Iterable[Recipe]) -> Iterator[str]:
        for name, value in sorted({(recipe.preference, recipe.value) for recipe in recipes}):
            if name and value:
                yield f"(?<={re.escape(name)})(?:{_SIGNS}){re.escape(value)}"
        texts = {*self._inside, *self._encoded}
        yield from map(re.escape, sorted(texts, key=lambda text: (-len(text), text)))

    def instead(self, secret: str) -> str:
        """What comes in the place of an identifier, or of a preference's value."""
        if secret in NOBODYS:
            return secret
        if _DIGITS.fullmatch(secret):
            return self._turning.digits(secret)
        return self._turning.letters(secret)

    def without(self, text: str, rest: Callable[[str], str] = str) -> str:
        """The text with other texts in the places of secrets, and `rest` of what is between."""
        if text in NOBODYS:
            return text
        if text.lower() in self._whole:
            return self.instead(text)
        text, tail = self._divided(text)
        made, at = [], 0
        for found in self._found.finditer(text):
            made += [rest(text[at : found.start()]), self._replaced(found[0])]
            at = found.end()
        return "".join([*made, rest(text[at:]), self.instead(tail) if tail else ""])

    def disguised(self, text: str) -> str:
        """The text without secrets, and with other letters in all the rest."""
        return self.without(text, self._masked)

    def _masked(self, text: str) -> str:
        parts = _KEPT.split(text)
        return "".join(
            part if number % 2 else self._turning.letters(part) for number, part in enumerate(parts)
        )

    def _replaced(self, found: str) -> str:
        if found in self._encoded:
            return self._encoded[found]
        sign = re.match(" ?[=:] ?", found)
        if sign and found not in self._inside:
            value = found[sign.end() :]
            return sign[0] + self.instead(value)
        return found if found.lower() in NOBODYS else self.instead(found)

    def _divided(self, text: str) -> tuple[str, str]:
        """The text in two: the second part is a secret that its end cuts short."""
        cut = _CUT.search(text)
        if cut and len(_bare(cut[0])) < 32 and _bare(cut[0])[:_BEGINNING] in self._begun:  # noqa: PLR2004 - a UUID's digits
            return text[: cut.start()], text[cut.start() :]
        if len(text.encode()) < values.LIMIT - 3:
            return text, ""
        length = max((_overlap(text.lower(), each.lower()) for each in self._inside), default=0)
        return text[: len(text) - length], text[len(text) - length :]


_KEPT = re.compile(
    r"\b(home|users|root|profiles|file|https?|wss?|ftp|data|blob|about|resource|chrome|moz-src"
    r"|moz-extension|undefined|normandy|runner|action|recipe)\b",
    re.IGNORECASE,
)
"""Words by which the form of a text is known: those of addresses, paths and sources of uptake."""


def _identifiers(recorded: "Mapping[str, pa.Table]") -> Iterator[str]:
    for table, columns in _COLUMNS.items():
        for column in columns:
            yield from filter(None, recorded[table][column].unique().to_pylist())


def _bare(text: str) -> str:
    return re.sub("[-_{}]", "", text).lower()


def _overlap(text: str, secret: str) -> int:
    """How many characters, if enough to tell, of the secret's beginning end the text."""
    lengths = range(min(len(secret), len(text)), values.CUT - 1, -1)
    return next((length for length in lengths if text.endswith(secret[:length])), 0)
