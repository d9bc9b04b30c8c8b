"""Every unenrollment gives its reason.

The document calls an unenrollment for an unknown reason a bug: nobody can tell whether the person
asked for it.

Cannot see: whether a reason that is given is the true one.
"""

from auditor import Rule, Severity
from auditor.history import unenroll

rule = Rule(
    clause='``"unknown"``: A reason was not specified. This should be\n'
    "           considered a bug.",
    severity=Severity.MEDIUM,
    examines="event_shapes",
    about="shapes of event that end a study",
    subjects="method = 'unenroll'",
    broken_when="reason = 'unknown'",
    says="{events} events {method} {object} give no reason but `unknown`",
    shows={"a reason that is unknown": "TRUE"},
    mend="Find the call that ends the study without a reason (the default of `stop` and "
    "`unenroll` is `unknown`), and give it one of the documented reasons.",
    keeps=(unenroll("e1", day=1, reason="recipe-not-seen"),),
    breaks=(unenroll("e1", day=1, reason="unknown"),),
)
