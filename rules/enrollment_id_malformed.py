"""An enrollment ID is a UUID, or exactly the filler.

What is neither (an empty text, "null", braces, a filler with a letter missing) is an ID that was
made or erased by mistake, and nobody can say what it gives away.

Any version of UUID is accepted, since real data holds more than one; in lower case, without braces,
as Firefox writes them.

Cannot see: a well-formed UUID that was not made at random.
"""

from auditor import ENROLLMENT_IDS, Rule, Severity
from auditor.history import FILLER, enroll, raw, unenroll

rule = Rule(
    clause="A UUID that is unique to this users enrollment in this study.",
    severity=Severity.MEDIUM,
    versions=ENROLLMENT_IDS,
    examines="enrollments",
    about="enrollment IDs",
    broken_when="NOT is_uuid",
    says="an enrollment ID of {change_kind} {change} is {characters} characters that are neither "
    "a UUID nor the filler",
    shows={"the malformed ID": "TRUE"},
    mend="Write the ID as `NormandyUtils.generateUuid()` gives it, and the filler as the "
    "constant `NO_ENROLLMENT_ID_MARKER`; look for code that spells either by hand.",
    keeps=(enroll("e1", day=1), unenroll(FILLER, day=2)),
    breaks=(enroll("e1", day=1), unenroll(raw("__NO_ENROLLMENT_ID"), day=2)),
)
