"""The writer's pen: what identifies a person, or is a preference's value, leaves only as a token.

A token is a keyed hash. Unless a key is given, it is derived from all bytes of the stores that were
audited: the same audit gives the same tokens, two audits of different stores share none, and who
holds only the report can derive nothing.
"""

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from auditor import values

_UUID = r"[0-9a-f]{8}(?:[-_]?[0-9a-f]{4}){3}[-_]?[0-9a-f]{12}"
_CUT_UUID = re.compile(r"[0-9a-f]{8}[0-9a-f_-]*$", re.IGNORECASE)
_NAMED = re.compile(r"\{(\w+)\}")
_LONGEST = 120
_LONGEST_CHARACTER = 4
_KINDS = {"enrollment_id": "enrollment", "client_id": "client", "person": "person"}
_WITHHELD = {"text"}


class Redactor:
    """Puts tokens in place of identifiers. `secrets` are texts that must never be written.

    A secret that stands out is found inside longer texts, in any case and percent-encoded too. Any
    other, such as a short word, is withheld where it is the whole text.
    """

    def __init__(self, key: bytes, secrets: Collection[str] = ()) -> None:
        """Take the key, of any length, and the secrets."""
        self._key = hashlib.sha256(key).digest()
        self._whole = {secret.lower() for secret in secrets if secret}
        self._inside = _longest_first(filter(values.stands_out, secrets))
        written = _longest_first({*self._inside, *(quote(text, safe="") for text in self._inside)})
        # A secret may hold a UUID: were the UUID replaced first, the rest of it would be shown.
        self._found = re.compile("|".join([*map(re.escape, written), _UUID]), re.IGNORECASE)

    def token(self, kind: str, value: str) -> str:
        """`enrollment:7f3a91c2`: the same for the same value, and only within this audit."""
        digest = hmac.new(self._key, f"{kind} {value}".encode(), "sha256").hexdigest()
        return f"{kind}:{digest[:8]}"

    def plain(self, text: str) -> str:
        """A text from a store that may be shown, without what must not be."""
        if text.lower() in self._whole:
            return self._replacement(text)
        kept, cut = self._cut_short(text)
        text = self._found.sub(lambda found: self._replacement(found[0]), kept)
        text += self._replacement(cut) if cut else ""
        return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"

    def name(self, path: str, shown: Collection[str]) -> str:
        """A file's name that may be shown: of the UUIDs in it, only those that are `shown`."""
        found = {uuid.lower() for uuid in re.findall(_UUID, path, re.IGNORECASE)}
        return path if found and found <= set(shown) else self.plain(path)

    def sentence(self, template: str, subject: Mapping[str, Any]) -> str:
        """The template with the subject's columns in place of their names in braces."""
        return _NAMED.sub(lambda found: self._column(found[1], subject[found[1]]), template)

    def _column(self, name: str, value: object) -> str:
        if value is None:
            return "(nothing)"
        if name in _KINDS:
            return self.token(_KINDS[name], str(value))
        if name in _WITHHELD:
            return f"a text of {len(str(value))} characters"
        if isinstance(value, list):
            return ", ".join(self.plain(str(part)) for part in value)
        return self.plain(value) if isinstance(value, str) else str(value)

    def _replacement(self, found: str) -> str:
        if re.fullmatch(_UUID, found, re.IGNORECASE):
            return self.token("id", found.lower())
        return f"[withheld, {len(found)} characters]"

    def _cut_short(self, text: str) -> tuple[str, str]:
        """The text in two: what may hold whole secrets, and the secret that its end cuts short."""
        if len(text.encode()) <= values.LIMIT - _LONGEST_CHARACTER:
            return text, ""
        lengths = [_overlap(text.lower(), secret.lower()) for secret in self._inside]
        if found := _CUT_UUID.search(text):
            lengths.append(len(found[0]))
        start = max(len(text) - max(lengths, default=0), 0)
        return text[:start], text[start:]


def _longest_first(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=lambda text: (-len(text), text))


def _overlap(text: str, secret: str) -> int:
    """How many characters, if enough to tell, of the secret's beginning end the text."""
    lengths = range(min(len(secret), len(text)), values.CUT - 1, -1)
    return next((length for length in lengths if text.endswith(secret[:length])), 0)
