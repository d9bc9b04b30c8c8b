"""The clauses: every sentence of the document, and the rules that hold stores against it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from auditor import resources
from auditor.written import Written


class ClauseError(Exception):
    """The clauses cannot be used: one sentence, which never repeats what stands in the file."""


class Clause(BaseModel):
    """One or more sentences of the document that stand together, and what becomes of them.

    Most are promises. A promise has the `rules` that hold stores against it, or else tells why it
    is `unprovable`. What is `told` promises nothing about data: an introduction or an example.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    says: str = Field(min_length=1, description="The document's source, white space aside.")
    rules: tuple[str, ...] = ()
    unprovable: str | None = Field(None, description="Why no recorded store can prove it.")
    told: bool = False

    @model_validator(mode="after")
    def _is_one_of_three(self) -> Self:
        if [bool(self.rules), bool(self.unprovable), self.told].count(True) != 1:
            message = "a clause has `rules`, or tells why it is `unprovable`, or is `told`"
            raise ValueError(message)
        return self

    @property
    def words(self) -> str:
        """The document's own words, on one line."""
        return " ".join(self.says.split())

    @property
    def lines(self) -> tuple[str, ...]:
        """The words for a reader, without markup: each name with what is said of it on a line."""
        return tuple(" ".join(_plain(part).split()) for part in _parts(self.says))


Clauses = Mapping[str, tuple[Clause, ...]]
"""Clauses by heading, in the document's order."""


class _File(RootModel[dict[str, tuple[Clause, ...]]]):
    model_config = ConfigDict(frozen=True)


def load_clauses(file: Path | None = None) -> Clauses:
    """Read every clause (from the project's own file by default). Raises ClauseError."""
    written = Written(file or resources.folder("rules") / "clauses.toml", ClauseError)
    return written.holding(_File, written.table()).root


def promises(clauses: Clauses) -> dict[str, tuple[Clause, ...]]:
    """The clauses that promise something, under the headings that have any."""
    kept = {
        heading: tuple(clause for clause in under if not clause.told)
        for heading, under in clauses.items()
    }
    return {heading: under for heading, under in kept.items() if under}


_MARKUP = (
    (re.compile(r":ref:`([^`<]+?)(?:\s*<[^>]*>)?`"), r"\1"),
    (re.compile(r"``"), ""),
    (re.compile(r"\*(\S[^*]*)\*"), r"\1"),
    (re.compile(r"(?m)^\s*(?:\.\. data::|\* )"), ""),
    (re.compile(r":(Telemetry value):"), r"\1:"),
)


def _plain(text: str) -> str:
    for markup, words in _MARKUP:
        text = markup.sub(words, text)
    return text


def _parts(says: str) -> Iterator[str]:
    """Split where a list's name or bullet begins; a name is followed by what is indented deeper."""
    lines = [line for line in says.splitlines() if line.strip()]
    part = ""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        bullet, named = line.lstrip().startswith("* "), _indent(following) > _indent(line)
        if part and (bullet or (named and not part.endswith(":\n"))):
            yield part
            part = ""
        part += f"{line}:\n" if named and not bullet else f"{line}\n"
    yield part


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
