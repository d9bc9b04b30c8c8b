"""A stored record that was cleared never holds an enrollment ID again.

An ID that returns, because an update wrote back what it had read before, is sent as if nobody had
ever opted out.

Cannot see: anything with one snapshot of the profile; it takes two.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity, Unclear
from auditor.history import FILLER, enroll, keep_record, opt_out

rule = Rule(
    clause="This\nis done by replacing existing enrollment IDs with a filler value.",
    severity=Severity.HIGH,
    versions=ENROLLMENT_IDS,
    examines="stored_records",
    about="stored records that held the filler in an earlier snapshot",
    subjects="was_filled",
    broken_when="enrollment_id IS NOT NULL AND NOT is_stale",
    says="the stored record of {change_kind} {change} held the filler, and holds "
    "{enrollment_id} again",
    shows={"the record holds an ID again": "TRUE"},
    unclear=Unclear(
        when="enrollment_id IS NOT NULL",
        innocent="the database's log, which was not copied with it, holds the filler",
        guilty="an ID was put in the filler's place",
    ),
    mend="Let whatever updates a record read it again just before it writes: an update that "
    "waited for a download must not put back the ID that was cleared meanwhile.",
    keeps=(
        enroll("e1", day=1),
        opt_out(day=2),
        keep_record(FILLER, day=3),
        keep_record(FILLER, day=4),
    ),
    breaks=(
        enroll("e1", day=1),
        opt_out(day=2),
        keep_record(FILLER, day=3),
        keep_record("e1", day=4),
    ),
)
