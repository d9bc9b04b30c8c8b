"""Every format of two audits of real recordings, as it is and as it was when last looked at.

`python -m tests.generated` writes what is; a change of a format is then read as a difference.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from auditor import renderers
from auditor.audit import audit
from auditor.report import Report
from auditor.rule import load_rules
from auditor.stores import read_stores
from tests.renderers.gates import gated

ROOT = Path(__file__).parents[2]
FOLDER = Path("tests/renderers/snapshots")

# A few rules of every verdict, so that a change of a format can be read.
AUDITS = {
    "firefox-115-upload-off-on": {
        "enrollment_id_lost_mid_change",
        "enrollment_id_malformed",
        "enrollment_id_sent_after_opt_out",
        "freshness_not_a_time",
        "preference_value_reported",
    },
    "firefox-115-failures": {
        "addon_study_failed",
        "failure_reason_in_unknown_form",
        "unenroll_failed",
        "enrollment_id_kept_after_opt_out",
    },
}
GATED = "firefox-115-failures"


def snapshots() -> dict[Path, bytes]:
    """Every snapshot as it should be."""
    return {
        FOLDER / f"{name}.{form}": renderers.render(report, form)
        for name, report in _reports()
        for form in renderers.formats()
    }


def _reports() -> Iterator[tuple[str, Report]]:
    """Each audit, and one of them through a gate."""
    for name, rules in AUDITS.items():
        report = _report(name, rules)
        yield name, gated(report) if name == GATED else report


def _report(name: str, rules: set[str]) -> Report:
    """The audit of a recording, without what changes though no format does."""
    folder = os.path.relpath(ROOT / "tests" / "recordings" / name)
    stores = read_stores([Path(folder) / "profile", Path(folder) / "received.ndjson"])
    chosen = [rule for rule in load_rules() if rule.name in rules]
    same = {"auditor": "0.1.0", "versions": {"duckdb": "2.0.0"}, "rules_digest": "sha256:facade"}
    same |= {"contract_digest": "sha256:decade", "options": {"fail_on": "low", "grace": 60.0}}
    return audit(stores, chosen).model_copy(update=same)
