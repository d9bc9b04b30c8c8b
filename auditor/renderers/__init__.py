"""The formats a report is written in: one module each, with a pure `render(report)`."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterable, Iterator
from types import ModuleType

from auditor.report import Evidence, Finding, GateFinding, Outcome, Report, Verdict, Waived
from auditor.rule import Severity

LEVELS = {
    Severity.HIGH: "error",
    Severity.MEDIUM: "error",
    Severity.LOW: "warning",
    Severity.NOTE: "note",
}
"""The levels that SARIF and GitHub have: a low severity fails an audit, so it is no mere note."""

# Character references where a reader that knows no backslash escapes, or looks for mentions and
# formulas before it reads Markdown, would still see markup.
_ESCAPES = str.maketrans(
    {character: f"&#{ord(character)};" for character in "&<>|`@$"}
    | {character: f"\\{character}" for character in "\\*_[]~#"}
)


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
    return b"".join(parts(report, form, **options))


def parts(report: Report, form: str, **options: object) -> Iterator[bytes]:
    """Write the report part by part, for a report that is larger than memory should hold twice."""
    page: str | bytes | Iterable[str] = _module(by_suffix(form)).render(report, **options)
    for part in (page,) if isinstance(page, str | bytes) else page:
        yield part.encode() if isinstance(part, str) else part


def visible(text: str) -> str:
    """One line in which control and bidi characters and line breaks are escapes one can see."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def unmarked(text: str) -> str:
    """Escape text so that nothing in it is Markdown.

    It is never put at the start of a line, where more is markup, nor between the markers of
    emphasis, which are none beside a blank.
    """
    escaped = visible(text).translate(_ESCAPES)
    return escaped.replace("://", "&#58;//").replace("www.", "www&#46;")


def counted(number: int, thing: str) -> str:
    """Count things in words: `1 ping`, `2 pings`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def summary(report: Report) -> str:
    """Tell the whole report in one line: its verdicts, and what they were reached from."""
    number = Counter(verdict.verdict for verdict in report.verdicts)
    hold = "holds" if number[Outcome.HOLDS] == 1 else "hold"
    verdicts = f"{number[Outcome.BROKEN]} broken, {number[Outcome.HOLDS]} {hold}"
    pings = counted(sum(store.pings for store in report.stores), "ping")
    events = counted(sum(store.events for store in report.stores), "event")
    stores = counted(len(report.stores), "store")
    incomplete = f" · {len(report.unreadable)} unreadable" if report.unreadable else ""
    unproven = f"{number[Outcome.UNPROVEN]} unproven"
    excused = f" · {dispositions(report)}" if report.gate else ""
    audited = f"{pings}, {events} in {stores}{incomplete}"
    return f"{verdicts}, {unproven}{excused} · {audited}{shard(report)}"


def shard(report: Report) -> str:
    """Tell that a report is of some people only, if it is."""
    own = report.shard
    if own is None:
        return ""
    return f" · shard {own.number} of {own.of}: {own.people} of {own.everybody} people"


def waived(waiver: Waived) -> str:
    """Tell who answers for a finding, and until when."""
    names = f"{waiver.owner}, approved by {waiver.approver}"
    return f"waived until {waiver.expires} by {names}: {waiver.justification}"


def gate_findings(report: Report) -> tuple[GateFinding, ...]:
    """Take what is wrong with the files that should excuse findings: nothing without a gate."""
    return report.gate.findings if report.gate else ()


def dispositions(report: Report) -> str:
    """Count the findings by what the gate makes of them: `1 new, 7 baseline, 0 waived`."""
    found = Counter(part.disposition for verdict in report.verdicts for part in verdict.findings)
    return ", ".join(f"{found[each]} {each}" for each in ("new", "baseline", "waived"))


def gravity(verdict: Verdict) -> Severity:
    """Take the severity of the gravest finding, which may be less than the rule's own."""
    severities = (finding.severity for finding in verdict.findings)
    return max(severities, key=lambda severity: severity.rank, default=verdict.severity)


def gravest_first(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Sort the verdicts as a reviewer wants to read them."""
    return sorted(verdicts, key=lambda verdict: (-gravity(verdict).rank, verdict.rule))


def newest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Sort the findings of a verdict: what nobody has accepted before the rest, then by gravity."""
    return sorted(findings, key=lambda each: (each.disposition != "new", -each.severity.rank))


def found(verdict: Verdict) -> int:
    """Count what broke the promise, whether or not the report tells each of them."""
    return max(verdict.broken, len(verdict.findings))


def tested(verdict: Verdict) -> str | None:
    """Tell what the rule found of what was planted for it, where the report holds that."""
    told = verdict.selftest
    if told is None:
        return None
    return f"this rule found {told.found} of {told.planted} planted, {told.spurious} spurious"


def paragraphs(text: str) -> list[str]:
    """Split an explanation or a clause into paragraphs, each of them in one line."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def why(verdict: Verdict) -> str:
    """Say why the promise matters: the first paragraph of its explanation."""
    return next(iter(paragraphs(verdict.explanation)), "")


def place(evidence: Evidence, report: Report) -> str:
    """Say where evidence was found: of several stores, in which of them."""
    if len(report.stores) < 2:  # noqa: PLR2004 - one store needs no name
        return evidence.source
    store, source = _name(evidence.store, report), evidence.source
    folder, slash, name = store.rpartition("/")
    if source == name or source.startswith(f"{name}:"):
        return f"{folder}{slash}{source}"  # the store is one file, and names itself
    return f"{store}/{source}"


def _name(store: int, report: Report) -> str:
    """Take as much of the end of a store's path as tells it from the others, or all of it."""
    paths = [each.path.rstrip("/").split("/") for each in report.stores]
    own, others = paths[store], paths[:store] + paths[store + 1 :]
    lengths = range(1, len(own) + 1)
    told = (own[-n:] for n in lengths if all(own[-n:] != other[-n:] for other in others))
    return "/".join(next(told, own))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")


def _suffix(name: str) -> str:
    return str(getattr(_module(name), "SUFFIX", f".{name}"))
