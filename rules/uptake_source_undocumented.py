"""Uptake is reported for the runner, for an action or for a recipe, and for nothing else.

A source that the document does not know may name anything, a person's file included.

Cannot see: whether the action or the recipe exists.
"""

from auditor import Rule, Severity
from auditor.history import report_uptake

rule = Rule(
    clause="reported under the key ``normandy/runner``:",
    severity=Severity.LOW,
    examines="uptake_shapes",
    about="shapes of uptake report",
    broken_when="about = 'undocumented'",
    says="{reports} uptake reports are about a source that is not documented",
    shows={"a report about an undocumented source": "TRUE"},
    mend="Report under `normandy/runner`, `normandy/action/…` or `normandy/recipe/…` only, and "
    "reject other sources of Normandy's where they are received.",
    keeps=(report_uptake("success", source="normandy/recipe/12", day=1),),
    breaks=(report_uptake("success", source="normandy/person/12", day=1),),
)
