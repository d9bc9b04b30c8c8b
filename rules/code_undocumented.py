"""Every code that an event carries is in the document.

A reason, a type or a state that the document does not list tells something nobody was told about.

A code that the browser is known to send there is a note for the document's owners.

Cannot see: what a documented code is used for.
"""

from auditor import Lesser, Rule, Severity
from auditor.history import enroll

rule = Rule(
    clause="The reason for unenrollment. Possible values are:",
    severity=Severity.LOW,
    examines="event_shapes",
    about="shapes of event that a contract knows",
    subjects="documented OR known",
    broken_when="codes_unknown <> '' AND (NOT documented OR codes_undocumented <> '')",
    says="{events} events {method} {object} carry in {codes_unknown} a code that is neither "
    "documented nor known of this browser",
    shows={"the undocumented code": "TRUE"},
    lesser=(
        Lesser(
            severity=Severity.NOTE,
            when="codes_undocumented <> ''",
            says="{method} {object} carries in {codes_undocumented} a code that the document "
            "does not list (reason {reason}); this browser is known to send it",
        ),
    ),
    mend="Add the code to the document if people may be told it; if not, let the browser send "
    "a documented one. A code that no version knows points to the recipe or to what wrote "
    "the ping.",
    keeps=(enroll("e1", day=1, extras={"branch": "a", "experimentType": "exp"}),),
    breaks=(enroll("e1", day=1, extras={"branch": "a", "experimentType": "medical"}),),
)
