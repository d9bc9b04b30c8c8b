"""Every extra of an event is in the document.

An extra that the document does not list for its event may carry anything.

An extra that the browser is known to send there is a note for the document's owners.

Cannot see: what an undocumented event should carry, unless the browser's contract tells.
"""

from auditor import Lesser, Rule, Severity
from auditor.history import enroll

rule = Rule(
    clause="This document describes the types of data that Normandy collects.",
    severity=Severity.MEDIUM,
    examines="event_shapes",
    about="shapes of event that a contract knows",
    subjects="documented OR known",
    broken_when="extras_unknown <> ''",
    says="{events} events {method} {object} carry extras that are neither documented nor known of "
    "this browser",
    shows={"the undocumented extra": "TRUE"},
    lesser=(
        Lesser(
            severity=Severity.NOTE,
            when="extras_undocumented <> ''",
            says="{method} {object} carries {extras_undocumented}, which the document does not "
            "list; this browser is known to send it",
        ),
    ),
    mend="Describe the extra in the document, or stop sending it. One that no version knows "
    "may hold anything: look at it inside the store, and drop it where it is received.",
    keeps=(enroll("e1", day=1, extras={"branch": "a", "experimentType": "exp"}),),
    breaks=(enroll("e1", day=1, extras={"homeAddress": "a"}),),
)
