"""Rows of which nothing identifies a person: every identifier and every free text is another one.

Times, versions and the names that code gives stay. Of free texts those stay that the finding's own
sentence shows, and those that a contract lists; of any other only the form.
"""

from collections.abc import Collection, Iterable, Sequence

from auditor.reproduce.roles import Role, changed
from auditor.reproduce.rows import Row
from auditor.reproduce.secrecy import Secrets


class Disguise:
    """Gives rows other identifiers and other texts, but for the texts that it `keeps`."""

    def __init__(self, secrets: Secrets, keeps: Collection[str]) -> None:
        """What is kept is kept in every column; the secrets in it are not."""
        self._secrets = secrets
        self._keeps = keeps
        self._places: dict[str, str] = {}

    def rows(self, rows: Iterable[Row]) -> list[Row]:
        """The rows, in their order; files and profiles are told by running numbers."""
        return [changed(row, self.text) for row in rows]

    def text(self, role: Role, text: str) -> str:
        """What becomes of a text."""
        if role is Role.PLACE:
            return self._places.setdefault(text, f"place {len(self._places) + 1}")
        if role is Role.VALUE:
            return self._secrets.instead(text)
        if role is Role.FREE and text not in self._keeps:
            return self._secrets.disguised(text)
        return self._secrets.without(text)


def free_texts(rows: Sequence[Row]) -> list[str]:
    """Every distinct text of which a disguise leaves only the form, unless it is kept."""
    found: dict[str, None] = {}

    def note(role: Role, text: str) -> str:
        if role is Role.FREE:
            found[text] = None
        return text

    for row in rows:
        changed(row, note)
    return [*found]
