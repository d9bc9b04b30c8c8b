"""One report of those of all shards: counts added, findings joined, verdicts reached anew."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from auditor import readings
from auditor.audit import digest_of
from auditor.contract import contract_names
from auditor.engines.asking import Tally
from auditor.failures import UsageError
from auditor.merging.belonging import refuse_strangers
from auditor.report import Outcome, Reason, Report, Verdict
from auditor.rule import Rule, load_rules
from auditor.verdicts import CRASHED, doubts, in_order


def merge(reports: Mapping[Path, Report]) -> Report:
    """The report of the audit that these are the shards of, each by the file that it is from.

    Raises UsageError when they are not all the shards of one audit, or when this version of
    auditor has other rules or contracts than theirs.
    """
    refuse_strangers(reports)
    first, parts = next(iter(reports.values())), [*reports.values()]
    unreadable = len(first.unreadable)
    verdicts = zip(*(report.verdicts for report in parts), strict=True)
    return first.model_copy(
        update={
            **_contracts(reports),
            "verdicts": tuple(
                _joined(rule, each, unreadable)
                for rule, each in zip(_rules(first), verdicts, strict=True)
            ),
            "shard": None,
        }
    )


def _rules(report: Report) -> list[Rule]:
    """The rules that the report holds verdicts on, in its order."""
    known = {rule.name: rule for rule in load_rules()}
    rules = [known[each.rule] for each in report.verdicts if each.rule in known]
    if digest_of(rules) != report.rules_digest:
        message = "the shards were held against other rules than this version of auditor has"
        raise UsageError(message)
    return rules


def _contracts(reports: Mapping[Path, Report]) -> dict[str, str]:
    """The contracts that any shard used: which ones, depends on the browsers that it met."""
    used: set[str] = set()
    for path, report in reports.items():
        names = set(report.contract.split(", "))
        own = names <= set(contract_names())
        if own and readings.digest_of(names) != report.contract_digest:
            message = f"{path}: is of other contracts than this version of auditor has"
            raise UsageError(message)
        used |= names
    first = next(iter(reports.values()))
    if all(each.contract_digest == first.contract_digest for each in reports.values()):
        return {}
    if not used <= set(contract_names()):
        message = "the shards are of different contracts"
        raise UsageError(message)
    return {"contract": ", ".join(sorted(used)), "contract_digest": readings.digest_of(used)}


def _joined(rule: Rule, parts: Sequence[Verdict], unreadable: int) -> Verdict:
    """One verdict of those that the shards reached on a rule."""
    tally = Tally(
        sum(part.subjects for part in parts),
        (sum(part.broken for part in parts),),
        sum(part.unclear for part in parts),
    )
    findings = in_order(chain.from_iterable(part.findings for part in parts))
    reason, detail = _why(rule, parts, tally, unreadable)
    outcome = Outcome.UNPROVEN if reason else Outcome.HOLDS
    return parts[0].model_copy(
        update={
            "verdict": Outcome.BROKEN if findings else outcome,
            "reason": reason,
            "detail": detail,
            "subjects": tally.subjects,
            "broken": sum(tally.broken),
            "unclear": tally.unclear,
            "findings": findings,
        }
    )


def _why(
    rule: Rule, parts: Sequence[Verdict], tally: Tally, unreadable: int
) -> tuple[Reason | None, str | None]:
    """Why a verdict is not wholly reached.

    A rule that crashed in some shards leaves what it found in others, but incomplete.
    """
    crashed = [part for part in parts if part.detail and part.detail.startswith(CRASHED)]
    if crashed:
        some = "" if len(crashed) == len(parts) else f" in {len(crashed)} of {len(parts)} shards"
        return Reason.INCOMPLETE, f"{crashed[0].detail}{some}"
    if sum(tally.broken):
        return None, None
    if not tally.subjects and not unreadable:
        # Nowhere was anything to examine: of that, every shard knows the reason.
        return parts[0].reason, parts[0].detail
    return doubts(rule, tally, unreadable)
