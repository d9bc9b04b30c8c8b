"""One run of the command `verify`: from what was asked to what is printed and returned."""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.failures import UsageError
from auditor.keys import read_key
from auditor.renderers import counted, visible
from auditor.rendering import read_report
from auditor.report import ExitCode, Report
from auditor.stores import Recipe, Stores, UnreadableError, read_recipes, read_stores
from auditor.verifying import Standing, Verification, verify


@dataclass(frozen=True)
class Request:
    """What was asked for at the command line."""

    kept: Path
    stores: tuple[Path, ...]
    recipes: Path | None = None
    token_key: Path | None = None


def verify_and_tell(request: Request) -> ExitCode:
    """Verify, print what became of each finding, and say how it went."""
    report = read_report(request.kept)
    if len(report.stores) != len(request.stores):
        message = f"the report is of {counted(len(report.stores), 'store')}; name them in its order"
        raise UsageError(message)
    key = read_key(request.token_key)
    stores = read_stores(request.stores, _recipes(request.recipes, report))
    verification = verify(report, stores, request.stores, key)
    sys.stdout.write("".join(f"{visible(line)}\n" for line in _lines(verification)))
    return exit_code(verification, report, stores)


def exit_code(verification: Verification, report: Report, stores: Stores) -> ExitCode:
    """Incomplete where an input cannot be read now that could be then; then as an audit's."""
    known = {(part.path, part.reason) for part in report.unreadable}
    now = {(part.path, part.reason) for store in stores.summaries for part in store.unreadable}
    if now - known:
        return ExitCode.INCOMPLETE
    if verification.altered or verification.count(Standing.REFUTED):
        return ExitCode.BROKEN
    unproven = verification.count(Standing.NOT_REDERIVED)
    return ExitCode.NOTHING_AUDITED if unproven else ExitCode.KEPT


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror})"
        raise UsageError(message) from None


def _recipes(path: Path | None, report: Report) -> list[Recipe]:
    """The recipes of the audit. Raises UsageError for any but those."""
    told = report.options.get("recipes")
    given = None if path is None else f"sha256:{hashlib.sha256(_bytes(path)).hexdigest()}"
    if told != given:
        which = "the recipes that the audit was given" if told else "no recipes: it was given none"
        message = f"the report is to be verified with {which}"
        raise UsageError(message)
    try:
        return [] if path is None else read_recipes(path)
    except UnreadableError as error:
        message = f"{path}: {error}"
        raise UsageError(message) from None


def _lines(verification: Verification) -> Iterator[str]:
    for clause in verification.altered:
        yield f"ALTERED         {clause}"
    for one in verification.findings:
        yield f"{one.standing.upper():<14}  {one.rule}  {one.fingerprint}"
        if one.why:
            yield f"                {one.why}"
    counts = ", ".join(f"{verification.count(standing)} {standing}" for standing in Standing)
    files = "every file is as it was"
    if verification.altered:
        files = f"{counted(len(verification.altered), 'file')} not as before"
    yield f"{counted(len(verification.findings), 'finding')}: {counts} · {files}"
