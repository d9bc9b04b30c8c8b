"""A change ends once.

A second ending without a new start shows that something went on under an ID that was closed.

A rollout that is taken up again, as its update reports, may end again.

Cannot see: a start that was not recorded.
Cannot tell: two endings of one person from those of two copies of a profile.
"""

from auditor import Rule, Severity, Unclear
from auditor.history import enroll, unenroll

rule = Rule(
    clause="Once a change ends (either via unenrollment, graduation, or another\nmethod)",
    severity=Severity.MEDIUM,
    examines="changes",
    about="changes that ended",
    subjects="endings > 0",
    broken_when="ended_again IS NOT NULL AND NOT is_loose",
    says="{change_kind} {change} ended again without a new start",
    shows={
        "it ends": "ends AND sequence < ended_again",
        "it ends again": "sequence = ended_again",
    },
    unclear=Unclear(
        when="ended_again IS NOT NULL",
        innocent="the change began again between its endings",
        guilty="it did not, in a store that does not tell the order of events",
    ),
    mend="Find which code ended the change a second time (an action, a rollback or an add-on's "
    "`endStudy`), and let it look at the stored state before it sends the event.",
    keeps=(enroll("e1", day=1), unenroll("e1", day=2)),
    breaks=(enroll("e1", day=1), unenroll("e1", day=2), unenroll("e1", day=3)),
)
