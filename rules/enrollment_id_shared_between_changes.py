"""An enrollment ID names one study or rollout only.

Were two changes to share an ID, whoever holds the data of one could read the other's as well, and
see which people are in both.

A failed add-on rollout that reports a `conflictingSlug` names the other rollout's ID on purpose;
the document does not speak of it, so it is told apart as a lesser breach. Where the ID it names is
not that other rollout's, it counts in full.

Cannot see: two changes whose names begin with the same 80 bytes.
"""

from auditor import ENROLLMENT_IDS, Lesser, Rule, Severity
from auditor.history import enroll

rule = Rule(
    clause="These enrollment IDs are used for the lifetime of that\n"
    "change, and are only used for that change (not shared between similar\nchanges).",
    severity=Severity.HIGH,
    versions=ENROLLMENT_IDS,
    examines="enrollments",
    about="enrollments",
    broken_when="slugs > 1 OR kinds > 1 OR conflicting <> change OR conflicting_last <> change",
    says="{enrollment_id} names more than one study or rollout",
    shows={
        "one change that the ID names": "slug = change AND kind = change_kind",
        "another change that it names": "(slug <> change OR kind <> change_kind) AND NOT naming",
        "a conflict that names it for a third": "naming AND conflicting_slug <> change",
    },
    lesser=(
        Lesser(
            severity=Severity.LOW,
            when="slugs_named > slugs",
            says="{enrollment_id} of {change_kind} {change} was reported by another rollout, "
            "which conflicts with it",
            shows={
                "the change that the ID belongs to": "slug = change AND place = 'event'",
                "another rollout reports it": "naming",
            },
        ),
    ),
    mend="Make an ID for each change at its own enrollment. Where a conflict is reported, name "
    "the other rollout by `conflictingSlug` and leave its ID out.",
    keeps=(enroll("e1", day=1, change="one"), enroll("e2", day=2, change="other")),
    breaks=(enroll("e1", day=1, change="one"), enroll("e1", day=2, change="other")),
)
