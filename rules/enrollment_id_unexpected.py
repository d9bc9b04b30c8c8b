"""An event that is documented without an enrollment ID carries none.

An ID where none is expected ties an attempt that failed to the enrollments of the same person.

Where the browser is known to send one there, it is a note for the document's owners.

Cannot see: an ID in a text that is not called `enrollmentId`.
"""

from auditor import ENROLLMENT_IDS, Lesser, Rule, Severity
from auditor.history import fail_to_enroll

rule = Rule(
    clause="A code describing the reason the unenroll failed. Possible values are:",
    severity=Severity.LOW,
    versions=ENROLLMENT_IDS,
    examines="event_shapes",
    about="shapes of event that are documented without an ID",
    subjects="has_ids AND coalesce(id_documented, id_sent) = 'forbidden'",
    broken_when="carries <> 'nothing' AND id_sent = 'forbidden'",
    says="{events} events {method} {object} carry an enrollment ID where none is documented",
    shows={"an ID where none is documented": "TRUE"},
    lesser=(
        Lesser(
            severity=Severity.NOTE,
            when="carries <> 'nothing'",
            says="{method} {object} is documented without an enrollment ID; the browser sends one",
        ),
    ),
    mend="Take `enrollmentId` out of the event where it is sent, or add it to the document if "
    "it is needed there.",
    keeps=(fail_to_enroll(day=1, reason="invalid-branch"),),
    breaks=(fail_to_enroll("e1", day=1, reason="invalid-branch"),),
)
