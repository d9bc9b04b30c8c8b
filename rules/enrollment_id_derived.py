"""An enrollment ID is made for the enrollment, and is no other identifier.

An ID that equals a client id, a session id or the id by which Normandy draws its samples says who
the person is wherever it is kept, and stays when all enrollment IDs are replaced.

Cannot see: an ID that was computed from another identifier.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity
from auditor.history import enroll, raw

rule = Rule(
    clause="A UUID that is unique to this users enrollment in this study.",
    severity=Severity.HIGH,
    waivable=False,
    versions=ENROLLMENT_IDS,
    examines="enrollments",
    about="enrollment IDs",
    broken_when="equals IS NOT NULL",
    says="{enrollment_id} of {change_kind} {change} equals {equals}",
    shows={"the ID that is another identifier": "TRUE"},
    mend="Make the ID with `NormandyUtils.generateUuid()` at the enrollment and from nothing "
    "else. Delete the records that carry the other identifier: they name a person.",
    keeps=(enroll("e1", day=1),),
    breaks=(enroll(raw("c0ffeec0-ffee-c0ff-eec0-ffeec0ffeec0"), day=1),),
)
