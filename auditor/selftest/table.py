"""The trials as a table for a terminal."""

from collections.abc import Iterator, Sequence

from auditor.selftest.trials import Trial

_WRONG = 3


def table(trials: Sequence[Trial]) -> str:
    """A line for each rule under a heading, what went wrong below it, and a summary."""
    head = _row("rule", "planted", "found", "missed", "spurious")
    passed = sum(trial.passed for trial in trials)
    total = sum(trial.figures.planted for trial in trials)
    end = f"{passed} of {len(trials)} rules found all that was planted, {total} in all, and no more"
    return "\n".join([head, *(line for trial in trials for line in _lines(trial)), end])


def _lines(trial: Trial) -> Iterator[str]:
    told = trial.figures
    yield _row(trial.rule, told.planted, told.found, told.missed, told.spurious)
    yield from (f"    {wrong}" for wrong in trial.wrong[:_WRONG])
    if len(trial.wrong) > _WRONG:
        yield f"    and {len(trial.wrong) - _WRONG} more"


def _row(rule: str, *figures: object) -> str:
    return " ".join((f"{rule:<46}", *(f"{figure:>8}" for figure in figures)))
