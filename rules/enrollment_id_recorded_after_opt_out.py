"""An enrollment ID from before an opt-out is not recorded while upload is off.

Pings made while upload is off are kept in the archive, with the canary client id. They are not
sent; but an ID in them is an ID that was not cleared, on the disk of a person who was told it was.

Granted are the three seconds that an opt-out takes to settle.

Cannot see: pings of a profile whose archive was turned off, as some policies do.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity
from auditor.history import FILLER, annotate, enroll, opt_out, unenroll

rule = Rule(
    clause="This\nis done by replacing existing enrollment IDs with a filler value.",
    severity=Severity.MEDIUM,
    versions=ENROLLMENT_IDS,
    examines="enrollments",
    about="enrollments whose person turned upload off and has pings made while it was off",
    subjects="is_watched_off",
    broken_when="while_off > 0",
    says="{enrollment_id} of {change_kind} {change}, from before an opt-out, stands in "
    "pings made while upload was off",
    shows={
        "the ID before the opt-out": "moment < opted_out",
        "in an event of a ping made while upload was off": "place = 'event' AND upload_off"
        " AND created > off_from",
        "listed in a ping made while upload was off": "place = 'annotation' AND upload_off"
        " AND created > off_from",
    },
    mend="Rewrite the environment's annotations and wait for the stores when upload is turned "
    "off, before anything else is recorded; delete the archived pings that hold the ID.",
    keeps=(enroll("e1", day=1), opt_out(day=2), unenroll(FILLER, day=3)),
    breaks=(enroll("e1", day=1), opt_out(day=2), annotate("e1", day=3)),
)
