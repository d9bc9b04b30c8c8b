"""The report as JSON, for programs: the format of which every other can be made again."""

import json
import re

from auditor.report import Report


def render(report: Report) -> str:
    """Write the report's JSON, the same for the same report byte for byte."""
    page = json.dumps(report.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2)
    # Half a surrogate pair, as in a path that is no UTF-8, is in no UTF-8 either.
    return re.sub("[\ud800-\udfff]", "\ufffd", page) + "\n"
