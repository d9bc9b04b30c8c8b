"""Every extra that the document lists for an event is there.

Without it the event cannot be read as the document says, and nobody knows what it tells.

An extra that the browser never sends there is a note for the document's owners. The enrollment ID
has a rule of its own.

Cannot see: an extra that is there and empty.
"""

from auditor import Lesser, Rule, Severity
from auditor.history import enroll

rule = Rule(
    clause="The name of the branch the user was assigned to",
    severity=Severity.LOW,
    examines="event_shapes",
    about="shapes of event that are documented",
    subjects="documented",
    broken_when="extras_missing <> extras_never_sent",
    says="{events} events {method} {object} lack {extras_missing}, which the document lists",
    shows={"the extra is missing": "TRUE"},
    lesser=(
        Lesser(
            severity=Severity.NOTE,
            when="extras_missing <> ''",
            says="{method} {object} lacks {extras_missing}, which the document lists and this "
            "browser never sends",
        ),
    ),
    mend="Send the extra with every event of this kind, or take it out of the document where "
    "the browser never sent it.",
    keeps=(enroll("e1", day=1, extras={"branch": "a", "experimentType": "exp"}),),
    breaks=(enroll("e1", day=1, extras={"branch": "a"}),),
)
