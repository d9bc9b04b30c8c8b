"""What the HTML page says in sum: the head, the scorecard, and how much it has room for."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from auditor.renderers import found, gravest_first, gravity, paragraphs
from auditor.renderers.html.scale import moment, written
from auditor.report import Outcome, Report, Verdict
from auditor.rule import Severity

ORDER = (Outcome.BROKEN, Outcome.UNPROVEN, Outcome.HOLDS)
FINDINGS_SHOWN = 200
"""Findings of one promise that the page shows, if they fit."""

FIRST = 3
"""Findings of one promise that are seen before the rest is unfolded."""

INPUTS_SHOWN = 200
"""Inputs that the page lists of one store, and unreadable ones of all."""

_INPUTS_OF_ALL = 4000

_ROOM = 13_000_000
"""Bytes for all findings."""


@dataclass(frozen=True)
class Summary:
    """The verdicts in the order in which they are read, and what they say together."""

    verdicts: dict[Outcome, list[Verdict]]
    severities: list[tuple[Severity, int]]
    reasons: list[tuple[str, int]]
    sections: dict[str, list[Verdict]]
    headline: str
    has_accepted: bool
    """Whether any finding is in the baseline or waived."""

    @classmethod
    def of(cls, report: Report) -> "Summary":
        """Sum the report up."""
        verdicts = {
            each: gravest_first(v for v in report.verdicts if v.verdict is each) for each in ORDER
        }
        grave = Counter(gravity(verdict) for verdict in verdicts[Outcome.BROKEN])
        reasons = Counter(verdict.reason or "no reason" for verdict in verdicts[Outcome.UNPROVEN])
        names = sorted({verdict.section for verdict in report.verdicts})
        every = [verdict for outcome in ORDER for verdict in verdicts[outcome]]
        return cls(
            verdicts=verdicts,
            severities=[(each, grave[each]) for each in reversed(Severity) if grave[each]],
            reasons=sorted((str(reason), number) for reason, number in reasons.items()),
            sections={name: [v for v in every if v.section == name] for name in names},
            has_accepted=any(f.disposition != "new" for v in every for f in v.findings),
            headline=_headline({outcome: len(found) for outcome, found in verdicts.items()}),
        )


class Told(NamedTuple):
    """The findings of one promise, written, and how many more there are."""

    written: tuple[str, ...]
    more: int


def fitting(written: Iterable[str], number: int, room: int) -> Told:
    """Keep the first of `number` findings that fit into `room` bytes, and one in any case."""
    kept: list[str] = []
    for each in written:
        room -= len(each.encode())
        if kept and (room < 0 or len(kept) == FINDINGS_SHOWN):
            break
        kept.append(each)
    return Told(tuple(kept), number - len(kept))


def shared(report: Report, write: Callable[[Verdict], Iterable[str]]) -> dict[str, Told]:
    """The findings of each promise that has any: what some leave of the page's room, others get."""
    verdicts = sorted((v for v in report.verdicts if v.findings), key=lambda v: len(v.findings))
    room, shown = _ROOM, {}
    for left, verdict in zip(range(len(verdicts), 0, -1), verdicts, strict=True):
        told = fitting(write(verdict), found(verdict), room // left)
        room -= sum(len(each.encode()) for each in told.written)
        shown[verdict.rule] = told
    return shown


def inputs_shown(report: Report) -> int:
    """Inputs that the page lists of each store: of many stores fewer. Digests are over all."""
    return min(INPUTS_SHOWN, _INPUTS_OF_ALL // max(1, len(report.stores)))


def span(report: Report) -> tuple[str | None, str | None]:
    """When the first and the last ping of all stores were made."""
    firsts = [store.first for store in report.stores if store.first]
    lasts = [store.last for store in report.stores if store.last]
    return min(firsts, default=None), max(lasts, default=None)


def period(report: Report) -> str | None:
    """When the pings of all stores were made, for a reader: to the minute, in UTC."""
    first, last = map(moment, span(report))
    if first is None or last is None:
        return None
    start, end = written(first), written(last)
    day, _, minute = end.rpartition(", ")
    same = start.startswith(f"{day}, ")
    return f"{start} to {minute if same else end} UTC"


def limits(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """What the rule cannot see, and what it cannot tell."""
    for line in _lines(verdict):
        kind, colon, what = line.partition(": ")
        if colon and kind in _LIMITS:
            yield kind, what


def told_further(verdict: Verdict) -> list[str]:
    """Everything between why the promise matters and what the rule cannot see."""
    further = paragraphs(verdict.explanation)[1:]
    return [part for part in further if not part.startswith(_LIMITS)]


_LIMITS = ("Cannot see", "Cannot tell")


def _lines(verdict: Verdict) -> list[str]:
    """The paragraphs of an explanation, each limit of the rule as one of its own."""
    text = verdict.explanation
    for limit in _LIMITS:
        text = text.replace(f"\n{limit}:", f"\n\n{limit}:")
    return paragraphs(text)


def _headline(numbers: dict[Outcome, int]) -> str:
    total = sum(numbers.values())
    broken, unproven = numbers[Outcome.BROKEN], numbers[Outcome.UNPROVEN]
    if not total:
        return "Nothing was audited"
    if broken:
        return f"{broken} of {total} promises {'is' if broken == 1 else 'are'} broken"
    if unproven:
        return f"No promise is broken, but {unproven} of {total} could not be proven"
    return f"All {total} promises hold" if total > 1 else "The promise holds"
