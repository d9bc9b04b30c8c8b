"""No unenrollment fails because the study does not exist or has ended already.

The document calls both a bug: the browser and its own records disagree about what it takes part in.

Cannot see: an attempt that failed without an event.
"""

from auditor import Rule, Severity
from auditor.history import refuse_to_end, unenroll

rule = Rule(
    clause="The system attempted to unenroll a study that\n"
    "           does not exist. This is a bug.",
    severity=Severity.LOW,
    examines="event_shapes",
    about="shapes of event that end a study or fail to",
    subjects="method IN ('unenroll', 'unenrollFailed')",
    broken_when="method = 'unenrollFailed' AND reason IN ('does-not-exist', 'already-unenrolled')",
    says="{events} events {method} {object} report {reason}, which the document calls a bug",
    shows={"an unenrollment that failed": "TRUE"},
    mend="See which code asked to end the study (`originalReason`, and `caller` on Nightly), "
    "and let it look at the store first. Where the study does not exist, find out what "
    "lost its record.",
    keeps=(unenroll("e1", day=1),),
    breaks=(unenroll("e1", day=1), refuse_to_end("e1", day=2, reason="already-unenrolled")),
)
