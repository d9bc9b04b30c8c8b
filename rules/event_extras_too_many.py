"""An event has at most ten extras.

The platform refuses to register more. An event that has more did not come through the platform.

Cannot see: extras that were dropped.
"""

from auditor import Rule, Severity
from auditor.history import enroll

rule = Rule(
    clause="``extra``: Max. number of keys is ``10``.",
    source="Telemetry Events, Limits (toolkit/components/telemetry/docs/collection/events.rst)",
    severity=Severity.MEDIUM,
    examines="event_shapes",
    about="shapes of event",
    broken_when="key_count > 10",
    says="events {method} {object} have {key_count} extras",
    shows={"an event of this shape": "TRUE"},
    mend="Find what wrote the event without the platform: the registry refuses the eleventh "
    "key. Reject such events where they are received.",
    keeps=(enroll("e1", day=1, extras={f"key{n}": "" for n in range(9)}),),
    breaks=(enroll("e1", day=1, extras={f"key{n}": "" for n in range(10)}),),
)
