"""Every event that Normandy records is in the document.

People were told what is collected. An event that the document does not know was never announced.

An event that the browser is known to send is a note: the document's owners have something to add.

Cannot see: events of other categories.
"""

from auditor import Lesser, Rule, Severity
from auditor.history import enroll, event

rule = Rule(
    clause="This document describes the types of data that Normandy collects.",
    severity=Severity.MEDIUM,
    examines="event_shapes",
    about="shapes of event",
    broken_when="NOT documented AND NOT known",
    says="{events} events {method} {object} are neither documented nor known of this browser",
    shows={"the undocumented event": "TRUE"},
    lesser=(
        Lesser(
            severity=Severity.NOTE,
            when="NOT documented",
            says="{method} {object} is not in the document; this browser is known to send it",
        ),
    ),
    mend="Describe the event in the document before it ships, with all it carries; if nobody "
    "needs it, stop recording it. Events that no version knows are to be rejected where "
    "they are received.",
    keeps=(enroll("e1", day=1),),
    breaks=(event("surrender", "e1", day=1),),
)
