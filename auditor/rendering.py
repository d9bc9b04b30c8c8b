"""One run of the command `render`: a report that was kept, in other formats, without its stores."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from auditor.delivery import Printed, deliver, refuse_in_place_of
from auditor.failures import UsageError
from auditor.report import SCHEMA_VERSION, Report


def render_again(kept: Path, printed: Printed, reports: Sequence[Path]) -> None:
    """Print the report and write it to files, as the audit that it is of could have.

    Raises UsageError, before anything is written, for a file that holds no report.
    """
    refuse_in_place_of(reports, [kept])
    deliver(read_report(kept), printed, reports)


def read_report(path: Path) -> Report:
    """The report that an audit wrote as JSON. Raises UsageError, which quotes nothing of it."""
    try:
        return Report.model_validate_json(path.read_bytes())
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror})"
        raise UsageError(message) from None
    except ValidationError as error:
        message = f"{path}: {_wrong(error)}; `auditor audit STORE... --report FILE.json` writes one"
        raise UsageError(message) from None


def _wrong(error: ValidationError) -> str:
    """What is wrong, told by names of the report's own parts: any other name may be data."""
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    if faults[0]["type"] == "json_invalid":
        return "is not JSON"
    if any(fault["loc"] == ("schema",) and fault["type"] != "missing" for fault in faults):
        return f"is no report of schema {SCHEMA_VERSION}, which this version of auditor reads"
    part = next(iter(faults[0]["loc"]), None)
    known = {field.alias or name for name, field in Report.model_fields.items()}
    return f"is no report of auditor{f' (see its {part!r})' if part in known else ''}"
