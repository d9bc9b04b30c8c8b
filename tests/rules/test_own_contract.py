"""The rules under a contract of the user's own, which need not have what the document has."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from auditor.audit import Options, audit
from auditor.history import FILLER, Moment, enroll, event, report_uptake
from auditor.report import Verdict
from auditor.stores import as_stores
from tests.rules.conftest import named

Judge = Callable[[str, Iterable[Moment]], Verdict]

NOTHING = """
title = "A browser that is known to send nothing"
enrollment_ids = true
events = {}
uptake = {}
scalars = {}
"""


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Hold a history against one rule, under a contract that knows of nothing."""
    file = tmp_path / "nothing.toml"
    file.write_text(NOTHING, encoding="utf-8")

    def verdict(name: str, moments: Iterable[Moment]) -> Verdict:
        options = Options(contract=str(file))
        return audit(as_stores(moments), [named(name)], options).verdicts[0]

    return verdict


A_CODE = """
title = "A browser that is known to send one code"
enrollment_ids = true
uptake = {}
scalars = {}
[events.addon_study.enrollFailed]
source = "ours"
value = "a name"
extras = { reason = { codes = ["no connection to http://a.example"] } }
"""

CASES: dict[str, tuple[str, set[str], int, list[Moment]]] = {
    "an ID is missing as documented, whatever the browser is known to send": (
        "enrollment_id_missing",
        {"medium"},
        1,
        [enroll(None, day=1)],
    ),
    "a filler stands where an ID is documented": (
        "enrollment_id_missing",
        set(),
        1,
        [enroll(FILLER, day=1)],
    ),
    "a code is judged by the document alone": (
        "code_undocumented",
        {"note"},
        1,
        [enroll(None, day=1, extras={"experimentType": "medical"})],
    ),
    "an extra is judged by the document alone": (
        "extra_undocumented",
        {"note"},
        1,
        [enroll(None, day=1, extras={"more": "a"})],
    ),
    "an ID that the document asks for is expected, whatever the browser is known to send": (
        "enrollment_id_unexpected",
        set(),
        0,
        [enroll("e1", day=1)],
    ),
    "an ID where the document forbids one": (
        "enrollment_id_unexpected",
        {"note"},
        1,
        [event("enrollFailed", "e1", day=1, extras={"reason": "invalid-branch"})],
    ),
    "a documented event": ("event_undocumented", set(), 1, [enroll("e1", day=1)]),
    "a documented status": (
        "uptake_status_undocumented",
        set(),
        1,
        [report_uptake("success", source="normandy/recipe/1", day=1)],
    ),
}


@pytest.mark.parametrize("sentence", CASES)
def test_what_is_documented_needs_no_browsers_contract(sentence: str, judge: Judge) -> None:
    """The severities found, and how many subjects there are."""
    name, severities, subjects, history = CASES[sentence]
    verdict = judge(name, history)
    assert (severities, subjects) == ({f.severity for f in verdict.findings}, verdict.subjects)


def test_a_code_that_a_contract_lists_names_nobody(tmp_path: Path) -> None:
    """Whatever it looks like: it is the same for everybody."""
    file = tmp_path / "code.toml"
    file.write_text(A_CODE, encoding="utf-8")
    reason = {"reason": "no connection to http://a.example"}
    history = [event("enrollFailed", None, day=1, kind="addon_study", extras=reason)]
    rule = named("failure_reason_names_a_person")
    report = audit(as_stores(history), [rule], Options(contract=str(file)))
    assert report.verdicts[0].verdict == "holds"
