"""Rules as SARIF's descriptors: what a reader sees of a rule beside each of its results."""

import re
from typing import Any

from auditor.renderers import LEVELS, unmarked, visible
from auditor.report import Verdict
from auditor.rule import Severity

# GitHub calls 7 and more high, 4 and more medium, and anything above 0 low. A note is no weakness.
_GRAVITY = {Severity.HIGH: "8.0", Severity.MEDIUM: "5.0", Severity.LOW: "2.0"}


def described(verdict: Verdict) -> dict[str, Any]:
    """The descriptor of the rule that a verdict is of."""
    return {
        "id": visible(verdict.rule),
        "shortDescription": {"text": visible(verdict.promise)},
        "fullDescription": {"text": _text(verdict)},
        "help": {"text": _help(verdict), "markdown": _markdown(verdict)},
        "defaultConfiguration": {"level": LEVELS[verdict.severity]},
        "properties": _properties(verdict),
    }


def _properties(verdict: Verdict) -> dict[str, Any]:
    section = re.sub(r"[^a-z0-9]+", "-", verdict.section.lower()).strip("-")
    tags = ["privacy", "security", *([section] if section else [])]
    properties: dict[str, Any] = {"precision": _precision(verdict), "tags": tags}
    if verdict.severity in _GRAVITY:
        properties["security-severity"] = _GRAVITY[verdict.severity]
    return properties


def _precision(verdict: Verdict) -> str:
    """A rule that names an innocent reading it cannot tell from a guilty one is less precise."""
    return "high" if "Cannot tell:" in verdict.explanation else "very-high"


def _paragraphs(verdict: Verdict) -> list[str]:
    return [" ".join(part.split()) for part in verdict.explanation.split("\n\n") if part.strip()]


def _text(verdict: Verdict) -> str:
    return "\n\n".join(map(visible, (verdict.promise, *_paragraphs(verdict))))


def _help(verdict: Verdict) -> str:
    clause = f"The document, under “{verdict.section}”: “{_line(verdict.clause)}”"
    parts = (*_paragraphs(verdict), clause, f"What to do: {_line(verdict.mend)}")
    return "\n\n".join(map(visible, parts))


def _markdown(verdict: Verdict) -> str:
    clause = f"The document, under “{unmarked(verdict.section)}”:"
    quoted = f"> “{unmarked(_line(verdict.clause))}”"
    mend = f"**What to do:** {unmarked(_line(verdict.mend))}"
    # A reference before each paragraph, of nothing that is seen, keeps it from beginning a list.
    why = [f"&#8203;{unmarked(part)}" for part in _paragraphs(verdict)]
    return "\n\n".join((*why, clause, quoted, mend))


def _line(text: str) -> str:
    return " ".join(text.split())
