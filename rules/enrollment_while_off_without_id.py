"""A change that begins while upload is off receives an enrollment ID as any other.

Were it to begin with the filler, the filler would tell that this person had opted out.

Cannot see: changes of a profile whose pings are not archived.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity
from auditor.history import FILLER, enroll, opt_out

rule = Rule(
    clause="New changes\ncontinue to receive a enrollment IDs as normal.",
    severity=Severity.LOW,
    versions=ENROLLMENT_IDS,
    examines="changes",
    about="changes that began while upload was off",
    subjects="has_ids AND enrolled_off",
    broken_when="enrolled_off_without_id",
    says="{change_kind} {change} began while upload was off, without an ID of its own",
    shows={"enrolled without an ID": "method = 'enroll' AND enrollment_id IS NULL"},
    mend="Make the ID at every enrollment without asking whether upload is on: nothing is sent "
    "then, and the filler would tell that this person had opted out.",
    keeps=(opt_out(day=1), enroll("e1", day=2)),
    breaks=(opt_out(day=1), enroll(FILLER, day=2)),
)
