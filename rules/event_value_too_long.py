"""The value of an event is at most 80 bytes long.

The platform cuts it there. A longer one did not come through the platform, and may carry anything.

Bytes are those of UTF-8.

Cannot see: what was cut away.
"""

from auditor import Rule, Severity
from auditor.history import enroll

rule = Rule(
    clause="``value``: Max. byte length is ``80``.",
    source="Telemetry Events, Limits (toolkit/components/telemetry/docs/collection/events.rst)",
    severity=Severity.MEDIUM,
    examines="event_shapes",
    about="shapes of event that have a value",
    subjects="longest_value IS NOT NULL",
    broken_when="longest_value > 80",
    says="an event {method} {object} has a value of {longest_value} bytes",
    shows={"the value is too long": "value_bytes > 80"},
    mend="Shorten the slug in the recipe to 80 bytes, and find what wrote the event past the "
    "platform's limit.",
    keeps=(enroll("e1", day=1, change="x" * 80),),
    breaks=(enroll("e1", day=1, change="x" * 81),),
)
