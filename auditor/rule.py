"""A rule: one promise made to people, as a predicate over one view of what was recorded."""

import importlib.util
import re
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from auditor import resources
from auditor.history import Moment


class Severity(StrEnum):
    """How grave a broken promise is, from `note` (never fails an audit unless asked) upwards."""

    NOTE = "note"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for `note` to 3 for `high`: an order in which severities compare."""
        return list(Severity).index(self)


class Versions(BaseModel):
    """The Firefox versions for which a promise can be tested at all, both ends included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: int
    last: int
    what: str = Field(description="What these versions have: `enrollment IDs`.")


ENROLLMENT_IDS = Versions(first=70, last=115, what="enrollment IDs")
"""Firefox 70 began to send enrollment IDs (bug 1555172); the versions after 115 removed them."""


class Lesser(BaseModel):
    """A way to break the promise that is less grave than the rule's own, and why it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Severity
    when: str = Field(description="A predicate over the subjects that `broken_when` left.")
    says: str
    shows: dict[str, str] = Field(default_factory=dict)


class Unclear(BaseModel):
    """Subjects with an innocent and a guilty reading: they prove nothing, and both are told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: str
    innocent: str
    guilty: str


class Rule(BaseModel):
    """One promise.

    `subjects`, `broken_when` and what stands in `lesser`, `unclear` and `shows` are predicates in
    the engine's SQL: the first three over the columns of the view in `examines`, the last over
    those columns and the columns of the places in which a subject stands. `says` is the sentence
    of a finding, with columns of the view in braces. `keeps` and `breaks` are the promise by
    example. Name, promise and explanation are read off the file by `load_rules`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    clause: str = Field(description="The document, word for word.")
    source: str | None = Field(
        default=None, description="Where the clause stands, when not in the document itself."
    )
    severity: Severity
    examines: str = Field(description="The view whose rows are the subjects.")
    about: str = Field(description="What a subject is, in the plural.")
    subjects: str = "TRUE"
    broken_when: str
    says: str
    shows: dict[str, str] = Field(description="What each place shows, and which places do.")
    lesser: tuple[Lesser, ...] = ()
    unclear: Unclear | None = None
    versions: Versions | None = None
    rests_on: tuple[str, ...] = Field(
        default=(), description="What a store must record for there to be subjects, besides events."
    )
    waivable: bool = Field(
        default=True,
        description="Whether a waiver or a baseline may excuse a breach. Not where it tells of a "
        "person what they asked not to be told, or what nobody may decide for them.",
    )
    mend: str = Field(description="What to do about a breach, in one sentence or two.")
    keeps: tuple[Moment, ...]
    breaks: tuple[Moment, ...]

    name: str = ""
    promise: str = ""
    explanation: str = ""

    def called(self, name: str, docstring: str) -> Self:
        """The same rule under the name of its file, explained by the file's docstring."""
        promise, _, explanation = docstring.partition("\n\n")
        return self.model_copy(
            update={
                "name": name,
                "promise": " ".join(promise.split()),
                "explanation": explanation.strip(),
            }
        )


class RuleError(Exception):
    """A rule's file does not hold a rule."""


def load_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """Every rule in `folder` (the project's own by default), by name.

    Raises RuleError when a file does not load: an audit with a promise missing is no audit.
    """
    files = sorted((folder or resources.folder("rules")).glob("*.py"))
    return tuple(_load(file) for file in files if not file.name.startswith("_"))


def _load(file: Path) -> Rule:
    spec = importlib.util.spec_from_file_location(f"auditor_rules.{file.stem}", file)
    if spec is None or spec.loader is None or not re.fullmatch(r"[a-z][a-z0-9_]*", file.stem):
        message = f"{file}: not a rule's file name"
        raise RuleError(message)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        message = f"{file}: does not load ({type(error).__name__}: {error})"
        raise RuleError(message) from error
    rule = getattr(module, "rule", None)
    if not isinstance(rule, Rule) or not module.__doc__:
        message = f"{file}: no `rule`, or no docstring that states the promise"
        raise RuleError(message)
    return rule.called(file.stem, module.__doc__)
