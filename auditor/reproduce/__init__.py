"""A reproducer: the smallest store that gives a finding again, and in which nobody is known."""

import secrets
import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path

from auditor.audit import Options
from auditor.failures import UsageError
from auditor.keys import read_key
from auditor.leaks import LeakError, Leaks
from auditor.renderers import counted, visible
from auditor.reproduce.making import Given, Reproducer, made
from auditor.reproduce.sights import Judge
from auditor.reproduce.writing import counts, refuse_secrets, write
from auditor.run import recipes_in
from auditor.stores import read_both
from auditor.watching import watching


@dataclass(frozen=True)
class Request:
    """What was asked for at the command line. `grace` is in milliseconds."""

    fingerprint: str
    stores: tuple[Path, ...]
    into: Path
    contract: str = "auto"
    recipes: Path | None = None
    grace: int = 60_000
    key: Path | None = None
    verbose: bool = False


def reproduce(request: Request) -> str:
    """Write the reproducer, and give what is to be said of it.

    Raises UsageError when there is no such finding, or no reproducer can be made of it.
    """
    _refuse_target(request.into)
    key = read_key(request.key) or secrets.token_bytes()
    judge = Judge(Options(contract=request.contract, grace=request.grace))
    with watching(verbose=request.verbose) as step:
        stores, recorded = read_both(request.stores, recipes_in(request.recipes), step)
        found = made(request.fingerprint, Given(stores, recorded, judge, key), step)
    kept = put(request.into, found, judge, Leaks(stores))
    return _told(request, found, kept)


def put(into: Path, reproducer: Reproducer, judge: Judge, leaks: Leaks) -> dict[str, int]:
    """Write the file, whole or not at all, and give the rows of each table in it.

    Raises UsageError, and leaves nothing behind, when the file does not give the finding, or has
    something in it that must not leave.
    """
    with tempfile.TemporaryDirectory(dir=into.resolve().parent, prefix=".auditor-") as folder:
        path = Path(folder) / "reproducer.db"
        write(path, reproducer.rows, reproducer.rule.name)
        try:
            refuse_secrets(path, leaks)
        except LeakError:
            message = "an identifier or a preference value would be in the reproducer"
            raise UsageError(message) from None
        if not judge.sees(reproducer.sight, reproducer.rule, read_both([path])[1]):
            message = "the finding is not seen again in a store of auditor's own"
            raise UsageError(message)
        path.rename(into)
    return counts(into)


def _refuse_target(into: Path) -> None:
    if into.exists():
        message = f"{into}: exists already; a reproducer is a new file"
        raise UsageError(message)
    if not into.resolve().parent.is_dir():
        message = f"{into}: no file can be made there; name one in a folder that exists"
        raise UsageError(message)


def _told(request: Request, found: Reproducer, kept: dict[str, int]) -> str:
    told = ", ".join(f"{count} {name}" for name, count in kept.items())
    rows = counted(sum(kept.values()), "row")
    given = ["--select", found.rule.name]
    if request.contract != Request.contract:
        given += ["--contract", request.contract]
    if request.grace != Request.grace:
        given += ["--grace", f"{request.grace / 1000:g}"]
    command = shlex.join(["auditor", "audit", request.into.as_posix(), *given])
    return (
        f"{visible(request.into.as_posix())}: {rows} that break {found.rule.name} ({told})\n"
        f"see the finding again: {visible(command)}"
    )
