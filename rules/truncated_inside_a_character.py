"""A text that was cut at its limit ends in a whole character.

Half a character shows that the text was cut by something that does not know what it cuts, and that
nobody knows what the limit lets through.

Cannot see: a cut that happens to fall between two characters.
"""

from auditor import Rule, Severity
from auditor.history import fail_to_enroll

rule = Rule(
    clause='If the reason was ``"invalid-branch"``, the branch that was\n'
    "         specified, truncated to 80 characters.",
    severity=Severity.LOW,
    examines="texts",
    about="texts at their limit",
    subjects="bytes >= 77",
    broken_when="is_cut_inside",
    says="{stood_in} of {method} {object} holds {text}, which ends in half a character",
    shows={"the text": "TRUE"},
    mend="Cut by whole characters and not by units of UTF-16: `slice(0, 80)` can part a "
    "surrogate pair before the platform cuts to 80 bytes.",
    keeps=(fail_to_enroll(day=1, reason="invalid-branch", extras={"prefBranch": "é" * 40}),),
    breaks=(
        fail_to_enroll(day=1, reason="invalid-branch", extras={"prefBranch": "é" * 39 + "\ufffd"}),
    ),
)
