"""Where the name of a preference is reported, it is a name and nothing else.

Whatever is not a name (an assignment, white space, JSON, a URL, a path) could be its value.

Cannot see: a value that looks like the name of a preference.
"""

from auditor import Rule, Severity
from auditor.history import change_preference

rule = Rule(
    clause="The name of the preference that changed.",
    severity=Severity.MEDIUM,
    examines="texts",
    about="texts that stand for the name of a preference",
    subjects="stood_in IN ('preferenceName', 'preference')",
    broken_when="NOT is_preference_name",
    says="{stood_in} holds {text}, which is not the name of a preference",
    shows={"what is not a name": "TRUE"},
    mend="Correct the recipe that names the preference so, and check names before they are "
    "sent. Delete what was received if the text holds a value.",
    keeps=(change_preference("e1", day=1, name="browser.home-page_2"),),
    breaks=(change_preference("e1", day=1, name="browser.home = a page"),),
)
