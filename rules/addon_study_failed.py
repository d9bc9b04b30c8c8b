"""No add-on study fails with an error that nobody foresaw.

The document calls it a bug, and the report of it holds text from inside the browser.

Failures that the browser foresees have codes of their own and do not count.

Cannot see: such a failure in browsers up to 115, which drop the event.
"""

from auditor import Rule, Severity
from auditor.history import enroll, fail_to_enroll

rule = Rule(
    clause="information. This should be considered a bug.",
    severity=Severity.LOW,
    examines="texts",
    about="reasons of add-on study failures",
    subjects="object = 'addon_study' AND method IN ('enrollFailed', 'updateFailed')"
    " AND stood_in = 'reason'",
    broken_when="NOT is_code",
    says="{times} events {method} {object} report an error that was not foreseen, {text}",
    shows={"the failure": "TRUE"},
    mend="Find in the browser console of that version what threw at this file and line, and "
    "give the failure a code of its own in the add-on study's action, so that no text of "
    "an error is sent.",
    keeps=(
        enroll("e1", day=1, kind="addon_study"),
        fail_to_enroll(day=2, reason="download-failure", kind="addon_study", change="other"),
    ),
    breaks=(fail_to_enroll(day=1, reason="resource://a/b.mjs:12:3 Error", kind="addon_study"),),
)
