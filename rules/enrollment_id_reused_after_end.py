"""An enrollment ID is never used again once its change has ended.

Leaving a study, or graduating from a rollout, closes what was recorded under one ID. Were that ID
to return, anyone holding the data could tie what a person did afterwards to what they did before.

Not a use: a failed unenrollment that reports `already-unenrolled`, since the document itself asks
for the ID there. One that reports a graduated rollout is not documented, and is told as a lesser
breach.

Cannot see: a reuse whose ending was never recorded.
Cannot tell: a reuse from a copied profile, where one copy left and the other stayed.
"""

from auditor import ENROLLMENT_IDS, Lesser, Rule, Severity, Unclear
from auditor.history import enroll, graduate, unenroll, update

rule = Rule(
    clause="Once a change ends (either via unenrollment, graduation, or another "
    "method) the enrollment ID should not be used again.",
    severity=Severity.HIGH,
    versions=ENROLLMENT_IDS,
    examines="enrollments",
    about="enrollments that ended",
    subjects="has_ended",
    broken_when="NOT is_reversed AND"
    " ((NOT is_loose AND used > ended) OR used_earliest > ended_latest)",
    says="{enrollment_id} of {change_kind} {change} was used again after the change had ended",
    shows={
        "the change ends": "ends AND (sequence = ended OR is_loose)",
        "its ID is used again": "method <> 'unenrollFailed'"
        " AND (sequence > ended OR earliest > ended_latest)",
        "it is named by a failed ending": "method = 'unenrollFailed' AND sequence > ended"
        " AND reason IS DISTINCT FROM 'already-unenrolled'",
    },
    lesser=(
        Lesser(
            severity=Severity.LOW,
            when="refused > ended AND NOT is_reversed",
            says="{enrollment_id} of {change_kind} {change} was named again, by a refusal to "
            "roll back what had graduated",
            shows={
                "the change ends": "ends",
                "its ID is named again": "method = 'unenrollFailed' AND sequence > ended",
            },
        ),
    ),
    unclear=Unclear(
        when="is_reversed OR (is_loose AND coalesce(used_latest > ended_earliest, events > 1))",
        innocent="the use came before the ending, and a clock was set back or is not recorded",
        guilty="the use came after the ending",
    ),
    mend="Let what follows an ending (an update of a graduated rollout, a repeated ending) "
    "carry the filler, or make a new ID where the change truly begins again. Then treat "
    "what was recorded before and after as one person's.",
    keeps=(enroll("e1", day=1), unenroll("e1", day=2), enroll("e2", day=3, change="other")),
    breaks=(
        enroll("e1", day=1, kind="preference_rollout"),
        graduate("e1", day=2),
        update("e1", day=3),
    ),
)
