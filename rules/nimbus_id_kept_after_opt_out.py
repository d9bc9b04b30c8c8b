"""Turning telemetry upload off clears the enrollment IDs in Nimbus's store as well.

The document says Normandy records under these IDs "a study, rollout, or something else", and Nimbus
records its experiments in Normandy's events. Its store is kept apart from Normandy's own four here,
so that one cannot hide the other.

Known in Firefox: no handler fills Nimbus's store.

Cannot see: IDs in the preferences that Nimbus keeps for the next start.
Cannot tell: whether a record that no ping mentions was made before the opt-out or after it.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity, Unclear
from auditor.history import FILLER, enroll, keep_record, opt_out

rule = Rule(
    clause="When Telemetry upload is disabled, we must clear these enrollment IDs.",
    severity=Severity.MEDIUM,
    versions=ENROLLMENT_IDS,
    examines="stored_records",
    about="records of Nimbus made before an opt-out",
    subjects="store = 'nimbus' AND settled AND made IN ('before', 'unknown')",
    broken_when="made = 'before' AND enrollment_id IS NOT NULL",
    says="Nimbus's record of {change} still holds {enrollment_id}, from before upload "
    "was turned off",
    shows={"the record holds the ID": "TRUE"},
    unclear=Unclear(
        when="made = 'unknown'",
        innocent="the records were made while upload was off, and hold IDs as documented",
        guilty="they are from before, and were never cleared",
    ),
    mend="Clear `enrollmentId` in Nimbus's store when upload is turned off, together with its "
    "copies in the preferences `nimbus.syncdatastore` and `nimbus.syncdefaultsstore`, or "
    "limit the document to Normandy's own stores.",
    keeps=(
        enroll("e1", day=1, kind="nimbus_experiment"),
        opt_out(day=2),
        keep_record(FILLER, day=3, kind="nimbus_experiment"),
    ),
    breaks=(
        enroll("e1", day=1, kind="nimbus_experiment"),
        opt_out(day=2),
        keep_record("e1", day=3, kind="nimbus_experiment"),
    ),
)
