"""The names of an event and of its extras are as short as the platform asks.

Method and object have at most 20 bytes, the key of an extra 15. Longer names cannot be registered,
so such an event did not come through the platform.

Cannot see: the category, which is `normandy` in all events that are audited.
"""

from auditor import Rule, Severity
from auditor.history import enroll

rule = Rule(
    clause="``method``: Max. byte length is ``20``.",
    source="Telemetry Events, Limits (toolkit/components/telemetry/docs/collection/events.rst)",
    severity=Severity.LOW,
    examines="event_shapes",
    about="shapes of event",
    broken_when="method_bytes > 20 OR object_bytes > 20 OR longest_key > 15",
    says="events {method} {object} have a name longer than the platform registers",
    shows={"an event of this shape": "TRUE"},
    mend="Find what wrote the event without the platform, whose registry refuses such names, "
    "and reject it where it is received.",
    keeps=(enroll("e1", day=1),),
    breaks=(enroll("e1", day=1, object="preference_study_of_a_kind"),),
)
