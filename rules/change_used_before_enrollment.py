"""What is recorded of a change begins with its enrollment.

Events of a change that nobody was told to be in are recorded under an ID that came from nowhere.

Held against changes that began while the stores were recording: an earlier ping of the same person
does not list them. After an opt-out a change may begin in pings that were never sent, so that
proves nothing.

Cannot see: an enrollment that was recorded and lost on its way.
"""

from auditor import Rule, Severity
from auditor.history import annotate, enroll, unenroll

rule = Rule(
    clause="Sent when a user first enrolls in a rollout.",
    severity=Severity.LOW,
    examines="changes",
    about="changes that began after the first ping of their person in the stores",
    subjects="first_ping < first_earliest AND NOT after_opt_out"
    " AND (first_listed IS NULL OR first_listed >= first_earliest)",
    broken_when="enrolled IS NULL OR used < enrolled",
    says="{change_kind} {change} has events before any enrollment, though the stores begin "
    "before it",
    shows={"an event without an enrollment before it": "sequence = used"},
    mend="Look for the lost `enroll` in the pings before this one. If none was sent, send it "
    "as soon as the record is stored, and undo the record when an installation fails.",
    keeps=(annotate("e0", day=1, change="other"), enroll("e1", day=2), unenroll("e1", day=3)),
    breaks=(annotate("e0", day=1, change="other"), unenroll("e1", day=3)),
)
