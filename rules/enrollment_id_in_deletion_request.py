"""A deletion request carries no enrollment ID.

It is sent because a person turned upload off. What it carries reaches the server after that wish,
and an enrollment ID ties the request to all that was recorded under that ID, beyond the client id
that is to be deleted.

Known in Firefox: Glean's deletion request lists Nimbus's experiments with their IDs. It is not a
ping of Normandy's, which is why this is not graver.

Cannot see: a request that is in none of the stores.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity
from auditor.history import annotate, enroll, opt_out

rule = Rule(
    clause="When Telemetry upload is disabled, we must clear these enrollment IDs.",
    severity=Severity.LOW,
    versions=ENROLLMENT_IDS,
    examines="enrollments",
    about="enrollments whose person asked for deletion, in stores that hold Glean's request",
    subjects="(opt_out_shown_by = 'deletion request' AND glean_requests > 0) OR in_requests > 0",
    broken_when="in_requests > 0",
    says="{enrollment_id} of {change_kind} {change} stands in a deletion request",
    shows={
        "the deletion request carries the ID": "document_type = 'deletion-request'"
        " OR document_type = 'glean:deletion-request'",
    },
    mend="Build the deletion request without the environment and without experiments, and drop "
    "both from such requests where they are received.",
    keeps=(
        enroll("e1", day=1),
        opt_out(day=2),
        annotate(None, day=3, document_type="glean:deletion-request"),
    ),
    breaks=(enroll("e1", day=1), annotate("e1", day=2, document_type="deletion-request")),
)
