"""The enrollment ID that a client has stored for a change is the one that it reports.

Where they differ, one of them was not made at enrollment, and clearing the one leaves the other.

Compared with the last ID that the change's events carry, unless the last of them ends it.

Cannot see: an ID that was stored after the last event was sent.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity, Unclear
from auditor.history import enroll, keep_record

rule = Rule(
    clause="The ID that was generated at enrollment.",
    severity=Severity.MEDIUM,
    versions=ENROLLMENT_IDS,
    examines="stored_records",
    about="stored records whose change is reported too",
    subjects="differs IS NOT NULL AND NOT has_ended",
    broken_when="differs AND NOT is_stale",
    says="the stored record of {change_kind} {change} holds {enrollment_id}, its events another",
    shows={"the record holds another ID": "TRUE"},
    unclear=Unclear(
        when="differs",
        innocent="the database's log, which was not copied with it, holds the reported ID",
        guilty="the client keeps another ID than it reports",
    ),
    mend="Find what wrote the record after the enrollment. Store the ID first and send the "
    "event from the stored record, so that clearing the one clears the other.",
    keeps=(enroll("e1", day=1), keep_record("e1", day=2)),
    breaks=(enroll("e1", day=1), keep_record("e2", day=2)),
)
