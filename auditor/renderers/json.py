"""The report as JSON, for programs: the format of which every other can be made again."""

import json
import re
from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from auditor.report import Report, Verdict


def render(report: Report) -> Iterator[str]:
    """Write the report's JSON, finding by finding: the same for the same report byte for byte."""
    verdicts = map(_verdict, report.verdicts)
    yield from _filled(report.model_copy(update={"verdicts": ()}), "verdicts", verdicts)
    yield "\n"


def _verdict(verdict: Verdict) -> Iterator[str]:
    findings = ([_page(finding)] for finding in verdict.findings)
    return _filled(verdict.model_copy(update={"findings": ()}), "findings", findings)


def _filled(part: BaseModel, name: str, items: Iterable[Iterable[str]]) -> Iterator[str]:
    """The JSON of a part, whose empty list `name` is filled with the JSON of the items."""
    # Only a member of the part itself is indented by two, and no text has a line break of its own.
    start, empty, end = _page(part).partition(f'\n  "{name}": []')
    yield start + empty.removesuffix("]")
    separator = ""
    for item in items:
        yield separator + "\n    "
        yield from (text.replace("\n", "\n    ") for text in item)
        separator = ","
    yield ("\n  ]" if separator else "]") + end


def _page(part: BaseModel) -> str:
    try:
        return part.model_dump_json(by_alias=True, indent=2)
    except ValueError:
        # Half a surrogate pair, as in a path that is no UTF-8, is in no UTF-8 either.
        page = json.dumps(part.model_dump(by_alias=True), ensure_ascii=False, indent=2)
        return re.sub("[\ud800-\udfff]", "\ufffd", page)
