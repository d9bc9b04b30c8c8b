"""The reason of an add-on's failure is a file name, a line number and the name of an error.

Whatever has another form was not limited as the document says.

Codes that the browser is known to send are none of this rule's business. A column after the line is
accepted: every browser sends one.

Cannot see: whether file and line are true.
"""

from auditor import Rule, Severity
from auditor.history import fail_to_enroll

rule = Rule(
    clause="A string containing the filename and line number of the code\n"
    "      that failed, and the name of the error thrown.",
    severity=Severity.MEDIUM,
    examines="texts",
    about="reasons of add-on failures",
    subjects="object IN ('addon_study', 'addon_rollout') AND stood_in = 'reason'"
    " AND method IN ('enrollFailed', 'updateFailed')",
    broken_when="NOT is_code AND NOT is_position",
    says="the reason of {method} {object}, {text}, is neither a known code nor file, "
    "line and error",
    shows={"the reason": "TRUE"},
    mend="Send a code, or build the reason of file, line and the error's name alone, never of "
    "the error's message; see which version's action wrote this one.",
    keeps=(fail_to_enroll(day=1, reason="resource://a/b.mjs:12:3 TypeError", kind="addon_study"),),
    breaks=(fail_to_enroll(day=1, reason="something went wrong", kind="addon_study"),),
)
