"""The preference branch of a failed enrollment is cut to 80 characters.

It is a text that somebody typed into a recipe; the limit keeps it from carrying anything else.

The document calls the extra `preferenceBranch`; browsers send `prefBranch`. Characters are counted
as a reader counts them; the platform cuts at 80 bytes, which is never more.

Cannot see: what was cut away.
"""

from auditor import Rule, Severity
from auditor.history import fail_to_enroll

rule = Rule(
    clause='If the reason was ``"invalid-branch"``, the branch that was\n'
    "         specified, truncated to 80 characters.",
    severity=Severity.MEDIUM,
    examines="texts",
    about="preference branches of failed enrollments",
    subjects="stood_in IN ('prefBranch', 'preferenceBranch')",
    broken_when="characters > 80",
    says="{stood_in} holds {characters} characters",
    shows={"the text": "TRUE"},
    mend="Cut the branch to 80 characters where the failed enrollment is sent, and correct the "
    "recipe that named it: only `default` and `user` are branches.",
    keeps=(fail_to_enroll(day=1, reason="invalid-branch", extras={"prefBranch": "x" * 80}),),
    breaks=(fail_to_enroll(day=1, reason="invalid-branch", extras={"prefBranch": "x" * 81}),),
)
