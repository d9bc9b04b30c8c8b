"""Recipe freshness is a time: seconds since 1970.

The document says what the number is, so that people can tell what it gives away.

Known in Firefox: the number is the recipe's revision, not a time. It tells less than a time would:
a note for the document's owners.

Cannot tell: a revision that is as large as a time.
Cannot see: whether a time is the right one.
"""

from auditor import Rule, Severity
from auditor.history import report_freshness

rule = Rule(
    clause="reported as seconds since 1970 in UTC.",
    severity=Severity.NOTE,
    examines="keyed_scalars",
    about="versions that report recipe freshness",
    subjects="name = 'normandy.recipe_freshness'",
    broken_when="no_times > 0",
    says="{no_times} of {reports} values of {name} are not seconds since 1970",
    shows={"the scalar": "values_no_time > 0"},
    mend="Correct the document: the number is the recipe's revision. A value that is neither a "
    "revision nor a time is to be traced to the recipe's server.",
    keeps=(report_freshness(day=1, **{"12": 1_700_000_000}),),
    breaks=(report_freshness(day=1, **{"12": 3101}),),
)
