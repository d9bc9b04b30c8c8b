"""Who asked for a failed unenrollment is reported on Nightly only.

The name of the caller tells how a person came to leave; the document keeps it to those who test.

Cannot see: the channel of a build that does not say.
"""

from auditor import Rule, Severity
from auditor.history import refuse_to_end

rule = Rule(
    clause="On Nightly builds only, a string identifying the source of the requested stop.",
    severity=Severity.LOW,
    examines="event_shapes",
    about="shapes of event that report a failed unenrollment",
    subjects="method = 'unenrollFailed' AND channel IS NOT NULL",
    broken_when="names_caller AND channel <> 'nightly'",
    says="{events} events {method} {object} name the caller on channel {channel}",
    shows={"the caller is named": "TRUE"},
    mend="Guard `caller` by the build's channel where `unenrollFailed` is sent, as "
    "`PreferenceExperiments.stop` does, and drop the extra from other channels in the "
    "pipeline.",
    keeps=(refuse_to_end("e1", day=1, reason="already-unenrolled"),),
    breaks=(
        refuse_to_end("e1", day=1, reason="already-unenrolled", extras={"caller": "somewhere"}),
    ),
)
