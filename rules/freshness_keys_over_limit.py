"""The scalar of recipe freshness keeps within the limits of keyed scalars.

A keyed scalar holds at most 100 keys of at most 72 characters. More did not come through the
platform, and a longer key is no recipe's number.

The limit is the platform's for a session; what one ping holds can only be less.

Cannot see: recipes that were left out because the limit was reached.
"""

from auditor import Rule, Severity
from auditor.history import report_freshness

rule = Rule(
    clause="cannot be longer than 72 characters. Keyed scalars can contain up to 100 keys.",
    source="Scalars, Keyed Scalars (toolkit/components/telemetry/docs/collection/scalars.rst)",
    severity=Severity.LOW,
    examines="keyed_scalars",
    about="versions that report recipe freshness",
    subjects="name = 'normandy.recipe_freshness'",
    broken_when="key_count > 100 OR longest > 72",
    says="{name} has up to {key_count} keys, the longest of {longest} characters",
    shows={"the scalar": "keys > 100 OR longest_key > 72"},
    mend="See what wrote the scalar past the platform's limit, and use the recipe's number as "
    "its key. With more than 100 recipes at once, retire those that ended.",
    keeps=(report_freshness(day=1, **{str(n): n for n in range(100)}),),
    breaks=(report_freshness(day=1, **{str(n): n for n in range(101)}),),
)
