"""An enrollment ID from before an opt-out is never sent after it.

Sent again under a new client id, it ties the person after the opt-out to the person before it.

Pings on their way as upload is turned off may arrive a little later: 60 seconds are granted, or
what `--grace` says.

Cannot see: what was sent and is in none of the stores.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity
from auditor.history import FILLER, annotate, enroll, opt_in, opt_out, unenroll

rule = Rule(
    clause="When Telemetry upload is disabled, we must clear these enrollment IDs.",
    severity=Severity.HIGH,
    waivable=False,
    versions=ENROLLMENT_IDS,
    examines="enrollments",
    about="enrollments whose person turned upload off and has pings from after it",
    subjects="is_watched",
    broken_when="anew > 0 OR late > 0",
    says="{enrollment_id} of {change_kind} {change}, from before an opt-out, stands in pings "
    "that were recorded or received after it",
    shows={
        "the ID before the opt-out": "moment < opted_out",
        "in a ping recorded after upload was on again": "created > opted_out"
        " AND client_id <> opt_out_client",
        "in a ping received after the deletion request": "received > late_from",
    },
    mend="Clear the environment's annotations and the events in memory together with the "
    "stores when upload is turned off. In the pipeline, delete what was received under "
    "the ID before and after: it ties two client ids together.",
    keeps=(enroll("e1", day=1), opt_out(day=2), opt_in(day=3), unenroll(FILLER, day=4)),
    breaks=(enroll("e1", day=1), opt_out(day=2), opt_in(day=3), annotate("e1", day=4)),
)
