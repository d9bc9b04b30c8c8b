"""Whether a report may leave: what its format has made of it is searched for raw values."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain

from auditor import renderers
from auditor.leaks import Leaks
from auditor.report import Evidence, Report

Look = Callable[[bytes], None]
"""What is asked of everything that is about to be written. It raises LeakError."""


def look_at(report: Report, form: str, leaks: Leaks | None) -> Look:
    """What is asked of the report in a format: nothing, where no store is known."""
    if leaks is None:
        return lambda _: None
    own = renderers.render(_bare(report), form) + _notes(report)
    return partial(leaks.refuse, own=own, names=_names(report))


def _bare(report: Report) -> Report:
    """The report as if nothing had been found in any store: auditor's own words."""
    nothing = {"findings": (), "detail": None, "witness": None}
    verdicts = (verdict.model_copy(update=nothing) for verdict in report.verdicts)
    return report.model_copy(update={"stores": (), "verdicts": tuple(verdicts), "gate": None})


def _names(report: Report) -> bytes:
    """What files and kinds of stores are called."""
    stores = ((s.kind, s.path, *(part.path for part in s.inputs)) for s in report.stores)
    sources = (part.source for part in _evidence(report))
    return _lines(chain(chain.from_iterable(stores), sources))


def _notes(report: Report) -> bytes:
    """The rules' own words on what a place shows."""
    return _lines(part.note for part in _evidence(report))


def _evidence(report: Report) -> Iterator[Evidence]:
    for verdict in report.verdicts:
        for finding in verdict.findings:
            yield from finding.evidence
        if verdict.witness is not None:
            yield from verdict.witness.evidence


def _lines(texts: Iterable[str]) -> bytes:
    return "\n".join(sorted(set(texts))).encode(errors="replace")
