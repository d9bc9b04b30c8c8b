"""Every event that is documented to carry an enrollment ID carries one, or the filler.

An event without either cannot be told apart from those of other people in the same study, and
nobody can say whether its person had opted out.

Where the browser is known never to send the ID for this event and reason (a failed unenrollment of
a study that does not exist, a failed update of an add-on study that could not be installed), the
document and the browser disagree: a note for the document's owners.

Cannot see: whether the ID it carries is the right one.
"""

from auditor import ENROLLMENT_IDS, Lesser, Rule, Severity
from auditor.history import enroll

rule = Rule(
    clause="Most Normandy telemetry carries an *enrollment ID*.",
    severity=Severity.MEDIUM,
    versions=ENROLLMENT_IDS,
    examines="event_shapes",
    about="shapes of event that carry an ID",
    subjects="has_ids AND (id_documented = 'required' OR id_sent = 'required')",
    broken_when="carries = 'nothing' AND coalesce(id_sent, 'required') = 'required'",
    says="{events} events {method} {object} carry neither an enrollment ID nor the filler",
    shows={"the ID is missing": "TRUE"},
    lesser=(
        Lesser(
            severity=Severity.NOTE,
            when="carries = 'nothing'",
            says="{method} {object} is documented to carry an enrollment ID; for the reason "
            "{reason} the browser sends none",
        ),
    ),
    mend="Give the event `enrollmentId`, with the filler where the record has none, at the "
    "place that sends it. Where the browser sends none by design, correct the document.",
    keeps=(enroll("e1", day=1),),
    breaks=(enroll(None, day=1),),
)
