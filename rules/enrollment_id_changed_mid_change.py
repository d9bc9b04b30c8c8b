"""A change keeps one enrollment ID from its enrollment to its end.

Two IDs in one stay let nobody follow it, and show that an ID was made where none was to be made:
most gravely when a new one takes the place of a filler.

A new enrollment brings a new ID, and so may an enrollment that was not recorded after an ending.

Cannot see: a second ID that was never used in an event.
Cannot tell: two IDs of one person from those of two copies of a profile.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity, Unclear
from auditor.history import enroll, unenroll

rule = Rule(
    clause="These enrollment IDs are used for the lifetime of that\nchange",
    severity=Severity.MEDIUM,
    versions=ENROLLMENT_IDS,
    examines="changes",
    about="changes that had an ID",
    subjects="has_id",
    broken_when="renamed IS NOT NULL AND NOT is_loose",
    says="{change_kind} {change} carries a second enrollment ID within one stay",
    shows={
        "it has an ID": "place = 'event' AND enrollment_id IS NOT NULL AND sequence < renamed",
        "it has another": "sequence = renamed",
    },
    unclear=Unclear(
        when="renamed IS NOT NULL",
        innocent="the two IDs are those of two stays",
        guilty="they are of one stay, in a store that does not tell the order of events",
    ),
    mend="Find what wrote the record between the two events: an update has to carry the stored "
    "`enrollmentId` over, and only an enrollment may make one.",
    keeps=(enroll("e1", day=1), unenroll("e1", day=2)),
    breaks=(enroll("e1", day=1), unenroll("e2", day=2)),
)
