"""An enrollment ID appears under one client id only.

A person who turns telemetry off and on again gets a new client id, so that nothing ties the new one
to the old. An enrollment ID that stands under both is that tie.

The canary client id, which all browsers carry while upload is off, is nobody's and does not count.

Cannot see: two client ids of which only one is in the stores.
Cannot tell: a copied profile whose copies took new client ids, from a person who opted out.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity
from auditor.history import annotate, enroll, opt_in, opt_out

rule = Rule(
    clause="A UUID that is unique to this users enrollment in this study.",
    severity=Severity.HIGH,
    versions=ENROLLMENT_IDS,
    examines="enrollments",
    about="enrollments in stores of more than one client id",
    subjects="clients > 0 AND clients_in_stores > 1",
    broken_when="clients > 1",
    says="{enrollment_id} of {change_kind} {change} stands under {clients} client ids, "
    "and ties them together",
    shows={
        "the ID under one client id": "client_id = first_client",
        "the same ID under another": "client_id <> first_client",
    },
    mend="If one person opted out in between, clear the annotations with the stores and delete "
    "both client ids' records of the ID. If a profile was copied, such as in a test "
    "image, ship it without its stores.",
    keeps=(enroll("e1", day=1), opt_out(day=2), opt_in(day=3), enroll("e2", day=4, change="b")),
    breaks=(enroll("e1", day=1), opt_out(day=2), opt_in(day=3), annotate("e1", day=4)),
)
