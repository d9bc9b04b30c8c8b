"""Nobody enrolls twice in a change that has not ended, or in a study that has.

A second enrollment makes a second ID for the same stay, and a study is never joined again.

A rollout may be joined again once it has ended.

Cannot see: two enrollments of which one was not recorded.
Cannot tell: two enrollments of one person from those of two copies of a profile.
"""

from auditor import Rule, Severity, Unclear
from auditor.history import enroll, unenroll

rule = Rule(
    clause="These IDs are generated\nwhen Normandy enrolls the client in a change",
    severity=Severity.MEDIUM,
    examines="changes",
    about="changes that were enrolled in",
    subjects="enrolls > 0",
    broken_when="enrolled_again IS NOT NULL AND NOT is_loose",
    says="{change_kind} {change} was enrolled in again",
    shows={
        "what came before": "(ends OR method = 'enroll') AND sequence < enrolled_again",
        "enrolled again": "sequence = enrolled_again",
    },
    unclear=Unclear(
        when="enrolled_again IS NOT NULL",
        innocent="the change ended before it was enrolled in again",
        guilty="it had not ended, or was not to be joined again, in a store that does not "
        "tell the order of events",
    ),
    mend="Look whether the client's stored record was lost between the two enrollments. If "
    "not, let the action refuse a slug that is in its store, whatever its state.",
    keeps=(enroll("e1", day=1), unenroll("e1", day=2)),
    breaks=(enroll("e1", day=1), enroll("e2", day=2)),
)
