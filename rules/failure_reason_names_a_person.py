"""The reason of an add-on's failure tells where the code failed, and nothing of the person.

A path with a user's name in it, an address or an error's message names the person or what they did.

Judged by its look: a home directory or a drive, an e-mail or network address, a URL outside the
application, a message after the error's name.

Cannot see: a person's name that stands alone.
"""

from auditor import Rule, Severity
from auditor.history import fail_to_enroll

rule = Rule(
    clause="This information\n      is purposely limited to avoid leaking personally identifiable\n"
    "      information.",
    severity=Severity.HIGH,
    waivable=False,
    examines="texts",
    about="reasons of add-on failures",
    subjects="object IN ('addon_study', 'addon_rollout') AND stood_in = 'reason'"
    " AND method IN ('enrollFailed', 'updateFailed')",
    broken_when="NOT is_code AND (holds_path OR holds_address OR holds_url OR holds_message)",
    says="the reason of {method} {object}, {text}, holds more than where the code failed",
    shows={"the reason": "TRUE"},
    mend="Delete the event where it was received. Let the action send only files under "
    "`resource:` and `chrome:`, by name, with the line and the name of the error.",
    keeps=(fail_to_enroll(day=1, reason="resource://a/b.mjs:12:3 TypeError", kind="addon_study"),),
    breaks=(fail_to_enroll(day=1, reason="/home/jo/b.mjs:12:3 TypeError", kind="addon_study"),),
)
