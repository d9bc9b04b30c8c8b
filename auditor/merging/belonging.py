"""Whether reports are those of all shards of one audit, none missing and none twice."""

from collections.abc import Callable, Mapping
from pathlib import Path

from auditor.failures import UsageError
from auditor.report import Report, Shard

_SAME: dict[str, Callable[[Report, Shard], object]] = {
    "another number of shards": lambda _, shard: shard.of,
    "another version of auditor": lambda report, _: report.auditor,
    "other versions of what auditor is made of": lambda report, _: report.versions,
    "other rules": lambda report, _: (report.rules_digest, [v.rule for v in report.verdicts]),
    "other options": lambda report, _: report.options,
    "other stores, or stores that have changed": lambda report, _: report.stores,
    "another token key": lambda _, shard: shard.key,
    "another number of people": lambda _, shard: shard.everybody,
}
"""What all shards of an audit have in common, by what a report that has it not is of."""


def refuse_strangers(reports: Mapping[Path, Report]) -> None:
    """Raise UsageError, in one sentence, unless these are all the shards of one audit."""
    shards = {path: _shard(path, report) for path, report in reports.items()}
    first = next(iter(reports))
    for path, report in reports.items():
        for what, told in _SAME.items():
            if told(report, shards[path]) != told(reports[first], shards[first]):
                message = f"{path}: is of {what} than {first}"
                raise UsageError(message)
    _refuse_twice(shards)
    _refuse_missing([*shards.values()])


def _shard(path: Path, report: Report) -> Shard:
    if report.shard is None:
        message = (
            f"{path}: is no report of a shard; `auditor audit STORE... --shard 1/4 "
            "--report FILE.json` writes the first of four"
        )
        raise UsageError(message)
    return report.shard


def _refuse_twice(shards: Mapping[Path, Shard]) -> None:
    seen: dict[int, Path] = {}
    for path, shard in shards.items():
        if shard.number in seen:
            message = f"{path}: is of shard {shard.number}/{shard.of}, as {seen[shard.number]} is"
            raise UsageError(message)
        seen[shard.number] = path


def _refuse_missing(shards: list[Shard]) -> None:
    of, everybody = shards[0].of, shards[0].everybody
    missing = sorted(set(range(1, of + 1)) - {shard.number for shard in shards})
    if missing:
        names = ", ".join(f"{number}/{of}" for number in missing)
        are = "shard is" if len(missing) == 1 else "shards are"
        message = f"{len(missing)} {are} missing, without which nothing is shown: {names}"
        raise UsageError(message)
    if sum(shard.people for shard in shards) != everybody:
        message = f"the shards do not have all {everybody} people of the stores between them"
        raise UsageError(message)
