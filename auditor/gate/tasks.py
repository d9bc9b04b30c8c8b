"""What the gate's commands do: read files, decide, put files in place, and tell what was done."""

import json
from datetime import date
from pathlib import Path

from auditor import delivery
from auditor.failures import UsageError
from auditor.gate import baseline, keeping, reports, waivers
from auditor.gate.comparing import ORDER, Comparison, compare
from auditor.gate.gating import Accepted, Excuses
from auditor.keys import read_key
from auditor.renderers import counted, visible


def excuses(
    baseline_file: Path | None, waivers_file: Path | None, token_key: bytes | None, today: date
) -> Excuses:
    """What was given to excuse findings. Raises UsageError for a file that is wrong."""
    accepted = None
    if baseline_file:
        ledger, digest = baseline.read(baseline_file, token_key)
        accepted = Accepted(ledger, baseline_file.name, digest)
    return Excuses(today, accepted, waivers.read(waivers_file, today) if waivers_file else None)


def write(report: Path, into: Path, token_key: Path | None, seen: date | None) -> str:
    """Write a report's findings as a new baseline. Raises UsageError where there is one already."""
    if into.exists():
        message = f"{into}: is there already; `auditor baseline update` adds what is new to it"
        raise UsageError(message)
    audited = reports.read(report)
    made = keeping.first(audited, read_key(token_key), seen.isoformat() if seen else None)
    return _put(into, made, keeping.refused(audited))


def update(report: Path, into: Path, token_key: Path | None, seen: date | None) -> str:
    """Accept what is new in a report; nothing is taken out."""
    ledger, _ = baseline.read(into, read_key(token_key))
    audited = reports.read(report)
    made = keeping.extended(ledger, audited, seen.isoformat() if seen else None)
    return _put(into, made, keeping.refused(audited))


def prune(report: Path, into: Path, token_key: Path | None) -> str:
    """Take out what a report shows to be gone; nothing is accepted."""
    ledger, _ = baseline.read(into, read_key(token_key))
    return _put(into, keeping.pruned(ledger, reports.read(report)), ())


def compared(old: Path, new: Path) -> Comparison:
    """Two reports' files, compared."""
    return compare(reports.read(old), reports.read(new))


def told(comparison: Comparison) -> str:
    """Every change on a line under its state, and how many there are of each."""
    lines, numbers = [], []
    for state in ORDER:
        changes = [change for change in comparison.changes if change.state == state]
        name = state.replace("-", " ")
        numbers.append(f"{len(changes)} {name}")
        lines += [name.upper()] * bool(changes)
        for change in changes:
            standing = "" if change.disposition == "new" else f", {change.disposition}"
            lines.append(f"  {change.severity}{standing}: {change.rule}: {change.message}")
            lines += [f"    {change.why}"] * bool(change.why)
        lines += [""] * bool(changes)
    return "\n".join(map(visible, [*lines, ", ".join(numbers)]))


def as_json(comparison: Comparison) -> str:
    """The comparison for programs."""
    return json.dumps(comparison.model_dump(mode="json"), ensure_ascii=False, indent=2)


def _put(into: Path, made: baseline.Baseline, refused: tuple[str, ...]) -> str:
    """Put the file in place, and tell what it holds and what it cannot."""
    delivery.put(into, [baseline.written(made)])
    rules = {entry.rule for entry in made.entries}
    findings = counted(sum(entry.count for entry in made.entries), "finding")
    told = f"{into}: {findings} of {counted(len(rules), 'rule')}"
    return told + "".join(f"\n{rule}: stays new; this rule is not waivable" for rule in refused)
