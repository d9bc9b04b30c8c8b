"""What a failure is told as: one sentence without anything that stood in a store."""

import os
import traceback
from pathlib import Path

from auditor.clauses import ClauseError
from auditor.contract import ContractError
from auditor.engines.asking import NoEngineError, RuleCrashError
from auditor.report import ExitCode
from auditor.rule import RuleError
from auditor.stores import NoSuchStoreError, NothingAuditedError


class UsageError(Exception):
    """Something asked for cannot be done; nothing was."""


class UnwrittenError(Exception):
    """A report could not be written: the sentence names where to, and why."""


_NO_ROOM = {"IOException", "OutOfMemoryException"}
"""What DuckDB raises when neither memory nor the folder that it spills into has room left."""

_FORESEEN = (*(UsageError, RuleError, ContractError, ClauseError, NoEngineError, NoSuchStoreError),)


def told(error: Exception) -> tuple[str, ExitCode]:
    """The sentence and the exit code.

    Of an unforeseen failure only its kind and place are told: its message may quote the data.
    """
    from auditor.findings import FindingsError

    if isinstance(error, NothingAuditedError):
        return f"nothing was audited: {error}", ExitCode.NOTHING_AUDITED
    if isinstance(error, _FORESEEN):
        return str(error), ExitCode.USAGE
    if isinstance(error, FindingsError | UnwrittenError):
        return str(error), ExitCode.INCOMPLETE
    return f"the audit ended early: {_early(error)}", ExitCode.INCOMPLETE


def _early(error: Exception) -> str:
    crashed = isinstance(error, RuleCrashError)
    kind = str(error) if crashed else type(error).__name__
    if kind in _NO_ROOM:
        room = "no room is left in memory, nor among temporary files"
        more = "give more with --memory, or with TMPDIR a folder on a larger disk"
        return f"{room} ({kind}); {more}"
    if crashed:
        return f"the engine gave up ({kind})"
    last = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{kind} at {Path(last.filename).name}:{last.lineno}"
    if isinstance(error, OSError) and error.errno:
        return f"{os.strerror(error.errno)} ({what})"
    return f"{what}; please report this"
