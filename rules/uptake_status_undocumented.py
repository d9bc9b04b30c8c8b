"""Uptake is reported with the statuses that the document gives for the runner, actions and recipes.

A status that is not documented tells something that nobody was told about.

A status that the browser is known to send there is a note for the document's owners.

Cannot see: whether the status is true.
"""

from auditor import Lesser, Rule, Severity
from auditor.history import report_uptake

rule = Rule(
    clause="one of the following statuses is\nreported under the key ``normandy/runner``:",
    severity=Severity.LOW,
    examines="uptake_shapes",
    about="shapes of uptake report about a documented source",
    subjects="about <> 'undocumented'",
    broken_when="NOT documented AND NOT known",
    says="{reports} uptake reports about the {about} give a status that is neither documented nor "
    "known of this browser",
    shows={"a report with the status": "TRUE"},
    lesser=(
        Lesser(
            severity=Severity.NOTE,
            when="NOT documented",
            says="the status {status} is not documented for the {about}; this "
            "browser is known to send it",
        ),
    ),
    mend="Add the status to the document if browsers send it by design; otherwise correct the "
    "code that maps outcomes to statuses.",
    keeps=(report_uptake("backoff", source="normandy/recipe/12", day=1),),
    breaks=(report_uptake("backoff", source="normandy/runner", day=1),),
)
