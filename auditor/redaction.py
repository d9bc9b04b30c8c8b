"""The writer's pen: what identifies a person, or is a preference's value, leaves only as a token.

A token is a keyed hash. Unless a key is given, it is derived from all bytes of the stores that were
audited: the same audit gives the same tokens, two audits of different stores share none, and who
holds only the report can derive nothing.
"""

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping
from typing import Any

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
_NAMED = re.compile(r"\{(\w+)\}")
_LONGEST = 120
_KINDS = {"enrollment_id": "enrollment", "client_id": "client", "person": "person"}
_WITHHELD = {"text"}


class Redactor:
    """Puts tokens in place of identifiers. `secrets` are texts that must never be written."""

    def __init__(self, key: bytes, secrets: Collection[str] = ()) -> None:
        """Take the key, of any length, and the secrets."""
        self._key = hashlib.sha256(key).digest()
        self._secrets = sorted(filter(None, secrets), key=lambda secret: (-len(secret), secret))

    def token(self, kind: str, value: str) -> str:
        """`enrollment:7f3a91c2`: the same for the same value, and only within this audit."""
        digest = hmac.new(self._key, f"{kind} {value}".encode(), "sha256").hexdigest()
        return f"{kind}:{digest[:8]}"

    def plain(self, text: str) -> str:
        """A text from a store that may be shown, without what must not be."""
        text = _UUID.sub(lambda found: self.token("id", found[0].lower()), text)
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, f"[withheld, {len(secret)} characters]")
        return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"

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
        return self.plain(", ".join(map(str, value)) if isinstance(value, list) else str(value))
