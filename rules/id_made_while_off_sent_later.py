"""An enrollment ID that was made while upload was off is not sent anywhere.

The document lets the browser make IDs while upload is off, because nobody would ever see them.

Known in Firefox: they are sent once upload is on again.

Cannot see: an enrollment while upload was off whose ping is in none of the stores.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity
from auditor.history import enroll, opt_in, opt_out, unenroll

rule = Rule(
    clause="They don't correlate to anything else, and won't be sent\nanywhere.",
    severity=Severity.MEDIUM,
    versions=ENROLLMENT_IDS,
    examines="enrollments",
    about="enrollments made while upload was off, of people who have pings with upload on since",
    subjects="enrolled_off AND first_seen_off AND (is_watched_on OR last_seen_on > first_seen)"
    " AND (opted_out IS NULL OR opted_out > first_seen)",
    broken_when="last_seen_on > first_seen",
    says="{enrollment_id} of {change_kind} {change} was made while upload was off, and stands in "
    "pings recorded with upload on",
    shows={
        "the ID is made while upload is off": "method = 'enroll' AND upload_off",
        "it stands in a ping recorded with upload on": "place <> 'record' AND NOT upload_off",
    },
    mend="Put the filler in place of IDs that were made while upload was off, in the stores "
    "and in the annotations, before the first ping after it is on again.",
    keeps=(
        opt_out(day=1),
        enroll("e1", day=2),
        unenroll("e1", day=3),
        opt_in(day=4),
        enroll("e2", day=5, change="other"),
    ),
    breaks=(opt_out(day=1), enroll("e1", day=2), opt_in(day=3), unenroll("e1", day=4)),
)
