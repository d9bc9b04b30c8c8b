"""An extra of an event is at most 80 bytes long.

The platform cuts it there. A longer one did not come through the platform, and may carry anything.

Bytes are those of UTF-8.

Cannot see: what was cut away.
"""

from auditor import Rule, Severity
from auditor.history import enroll

rule = Rule(
    clause="Each extra value: Max. byte length is ``80``.",
    source="Telemetry Events, Limits (toolkit/components/telemetry/docs/collection/events.rst)",
    severity=Severity.MEDIUM,
    examines="event_shapes",
    about="shapes of event that have extras",
    subjects="key_count > 0",
    broken_when="longest_extra > 80",
    says="an event {method} {object} has an extra of {longest_extra} bytes",
    shows={"an extra is too long": "extra_bytes > 80"},
    mend="Find what wrote the event past the platform's limit (a mirror of Glean's event, an "
    "importer, a test), and cut the extra to 80 bytes at a whole character. Drop it where "
    "it is received.",
    keeps=(enroll("e1", day=1, extras={"branch": "x" * 80}),),
    breaks=(enroll("e1", day=1, extras={"branch": "é" * 41}),),
)
