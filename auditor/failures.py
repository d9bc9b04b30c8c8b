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
    if isinstance(error, FindingsError):
        return str(error), ExitCode.INCOMPLETE
    if isinstance(error, RuleCrashError):
        return f"the audit ended early: the engine gave up ({error})", ExitCode.INCOMPLETE
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    what = f"{type(error).__name__} at {place}"
    if isinstance(error, OSError) and error.errno:
        return f"the audit ended early: {os.strerror(error.errno)} ({what})", ExitCode.INCOMPLETE
    return f"the audit ended early: {what}; please report this", ExitCode.INCOMPLETE
