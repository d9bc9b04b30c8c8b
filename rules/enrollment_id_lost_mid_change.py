"""A change that has an enrollment ID keeps it for as long as it lasts.

The ID is what makes the records of one enrollment belong together. A change that carries the filler
although upload was never off has lost it, and what is recorded afterwards cannot be told from what
people who opted out report.

Known in Firefox: a preference rollout loses its ID at every update.

Cannot see: a loss between two events of which only one was recorded; nor any where the store tells
no client ids, and so neither opt-outs nor which sessions are one person's.
Cannot tell: a loss from an opt-out at about the same time; then it is taken for the opt-out.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity, Unclear
from auditor.history import FILLER, enroll, opt_out, unenroll, update

rule = Rule(
    clause="These enrollment IDs are used for the lifetime of that\nchange",
    severity=Severity.LOW,
    versions=ENROLLMENT_IDS,
    examines="changes",
    about="changes of known clients that had an ID",
    subjects="has_id AND NOT is_nameless",
    rests_on=("switches",),
    broken_when="lost IS NOT NULL AND NOT is_loose",
    says="{change_kind} {change} carries the filler in place of its ID, with no opt-out in between",
    shows={
        "it has an ID": "place = 'event' AND enrollment_id IS NOT NULL AND sequence < lost",
        "it has lost its ID": "filler AND sequence >= lost AND place = 'event'",
        "its annotation has lost the ID": "filler AND sequence >= lost AND place = 'annotation'",
    },
    unclear=Unclear(
        when="lost IS NOT NULL",
        innocent="the filler came before the ID",
        guilty="it came after the ID, in a store that does not tell the order of events",
    ),
    mend="Let the update of the rollout carry the stored `enrollmentId` into the record that "
    "it writes, and annotate the environment with it again.",
    keeps=(enroll("e1", day=1), opt_out(day=2), unenroll(FILLER, day=3)),
    breaks=(
        enroll("e1", day=1, kind="preference_rollout"),
        update("e1", day=2),
        unenroll(FILLER, day=3, kind="preference_rollout", object="preference_rollback"),
    ),
)
