"""Turning telemetry upload off clears the enrollment IDs that the client has stored.

What stays on disk can be sent later, or be read by whoever gets hold of the profile: a person who
opted out was promised that it would be gone. Ended enrollments count as well.

Held against Normandy's own four stores, once the opt-out has had three seconds to settle, or as the
profile was last seen. Nimbus's store is none of them.

Cannot see: IDs in memory.
Cannot tell: whether a record that no ping mentions was made before the opt-out or after it.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity, Unclear
from auditor.history import FILLER, enroll, keep_record, opt_out

rule = Rule(
    clause="When Telemetry upload is disabled, we must clear these enrollment IDs.",
    severity=Severity.HIGH,
    versions=ENROLLMENT_IDS,
    examines="stored_records",
    about="stored records made before an opt-out",
    subjects="store <> 'nimbus' AND settled AND made IN ('before', 'unknown')",
    broken_when="made = 'before' AND enrollment_id IS NOT NULL AND NOT is_stale",
    says="the stored record of {change_kind} {change} still holds {enrollment_id}, "
    "from before upload was turned off",
    shows={"the record holds the ID": "TRUE"},
    unclear=Unclear(
        when="enrollment_id IS NOT NULL",
        innocent="the records were made while upload was off, and hold IDs as documented, or were "
        "cleared in the database's log, which was not copied with it",
        guilty="they are from before, and were never cleared",
    ),
    mend="See that `onTelemetryDisabled` of this store ran and was saved. A profile whose "
    "upload was turned off while the browser was closed must be cleared at its next "
    "start.",
    keeps=(enroll("e1", day=1), opt_out(day=2), keep_record(FILLER, day=3)),
    breaks=(enroll("e1", day=1), opt_out(day=2), keep_record("e1", day=3)),
)
