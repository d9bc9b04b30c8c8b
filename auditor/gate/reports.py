"""Reports as JSON, read back."""

from pathlib import Path

from pydantic import ValidationError

from auditor.failures import UsageError
from auditor.report import Report


def read(path: Path) -> Report:
    """A report that a whole audit wrote as JSON. Raises UsageError, quoting nothing of the file."""
    try:
        report = Report.model_validate_json(path.read_bytes())
    except OSError as error:
        message = f"{path}: the report cannot be read ({error.strerror})"
        raise UsageError(message) from None
    except ValidationError:
        message = f"{path}: is no report as JSON of this version of auditor"
        raise UsageError(message) from None
    if report.shard:
        message = f"{path}: is the report of one shard; `auditor merge` makes one of all of them"
        raise UsageError(message)
    return report
