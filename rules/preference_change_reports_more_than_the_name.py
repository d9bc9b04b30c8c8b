"""A changed preference is reported by its name, the reason and the enrollment ID, and nothing else.

Whatever else such an event carries could be the preference's old or new value.

Cannot see: a value inside one of the three; `preference_value_reported` looks there.
"""

from auditor import Rule, Severity
from auditor.history import change_preference

rule = Rule(
    clause="The name of the preference that changed. Note that the value of the\n"
    "         preference (old or new) is not given.",
    severity=Severity.HIGH,
    examines="event_shapes",
    about="shapes of event that report a changed preference",
    subjects="method = 'expPrefChanged'",
    broken_when="extras_undocumented <> ''",
    says="{events} events that report a changed preference carry extras beyond the "
    "documented three",
    shows={"more than the name is reported": "TRUE"},
    mend="Take the extra out of `expPrefChanged` at once, and delete what was received with "
    "it: it may be a person's setting.",
    keeps=(change_preference("e1", day=1),),
    breaks=(change_preference("e1", day=1, extras={"oldValue": "0"}),),
)
