"""The formats a report is written in: one module each, with a pure `render(report)`."""

import importlib
import pkgutil
from collections.abc import Iterable
from types import ModuleType

from auditor.report import Report, Verdict
from auditor.rule import Severity


def formats() -> tuple[str, ...]:
    """Every format: the names of the modules in this folder."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def by_suffix(suffix: str) -> str:
    """Name the format of files with this suffix, which is its name or the `SUFFIX` it declares.

    Raises ValueError when no format has it.
    """
    wanted = suffix.lower().removeprefix(".")
    if wanted in formats():
        return wanted
    for name in formats():
        if _suffix(name) == f".{wanted}":
            return name
    known = ", ".join(map(_suffix, formats()))
    message = f"No report can be written as {suffix!r}: use one of {known}."
    raise ValueError(message)


def render(report: Report, form: str, **options: object) -> bytes:
    """Write the report in a format, named (`markdown`) or by its suffix (`.md`); text is UTF-8.

    Raises ValueError when there is no such format.
    """
    page: str | bytes = _module(by_suffix(form)).render(report, **options)
    return page.encode() if isinstance(page, str) else page


def visible(text: str) -> str:
    """One line in which control and bidi characters and line breaks are escapes one can see."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def counted(number: int, thing: str) -> str:
    """Count things in words: `1 ping`, `2 pings`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def gravity(verdict: Verdict) -> Severity:
    """Take the severity of the gravest finding, which may be less than the rule's own."""
    severities = (finding.severity for finding in verdict.findings)
    return max(severities, key=lambda severity: severity.rank, default=verdict.severity)


def gravest_first(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Sort the verdicts as a reviewer wants to read them."""
    return sorted(verdicts, key=lambda verdict: (-gravity(verdict).rank, verdict.rule))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")


def _suffix(name: str) -> str:
    return str(getattr(_module(name), "SUFFIX", f".{name}"))
