"""What was judged by hand of the recordings, and which rule finds it: the table of the tests.

The keys are the entries of each recording's `truth.json`. `FOUND` names the rule and the severity;
`SILENT` says why no rule should speak. `BEYOND` is what the rules find and the judge did not write
down, judged from the recordings themselves.
"""

from auditor.rule import Severity

HIGH, MEDIUM, LOW, NOTE = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.NOTE

FOUND = {
    "S0-04": ("extra_undocumented", NOTE),
    "S0-10": ("freshness_not_a_time", NOTE),
    "S1-04": ("extra_undocumented", NOTE),
    "S1-05": ("enrollment_id_lost_mid_change", LOW),
    "S1-07": ("code_undocumented", NOTE),
    "S1-08": ("code_undocumented", NOTE),
    "S1-10": ("event_undocumented", NOTE),
    "S2-04": ("extra_undocumented", NOTE),
    "S2-07": ("nimbus_id_kept_after_opt_out", MEDIUM),
    "S2-11": ("enrollment_id_recorded_after_opt_out", MEDIUM),
    "S2-12": ("enrollment_id_recorded_after_opt_out", MEDIUM),
    "S3-04": ("extra_undocumented", NOTE),
    "S3-07": ("nimbus_id_kept_after_opt_out", MEDIUM),
    "S3-09": ("enrollment_id_sent_after_opt_out", HIGH),
    "S3-11": ("id_made_while_off_sent_later", MEDIUM),
    "S3-14": ("enrollment_id_lost_mid_change", LOW),
    "S3-15": ("enrollment_id_recorded_after_opt_out", MEDIUM),
    "S3-16": ("enrollment_id_in_deletion_request", LOW),
    "S5-04": ("extra_undocumented", NOTE),
    "S5-05": ("extra_undocumented", NOTE),
    "S5-07": ("unenroll_reason_unknown", MEDIUM),
    "S5-08": ("unenroll_failed", LOW),
    "S5-09": ("unenroll_failed", LOW),
    "S5-11": ("code_undocumented", NOTE),
    "S5-15": ("enrollment_id_shared_between_changes", LOW),
    "S5-16": ("change_used_before_enrollment", LOW),
    "S5-17": ("enrollment_id_shared_between_changes", LOW),
    "S5-18": ("code_undocumented", NOTE),
    "S6-04": ("extra_undocumented", NOTE),
    "S6-06": ("uptake_status_undocumented", NOTE),
    "S6-09": ("freshness_not_a_time", NOTE),
}

SILENT = {
    "S0-09": "an allow-list of Telemetry's own reports the value, in no event of Normandy's",
    "S1-06": "the loss is S1-05; this annotation was seen in memory and stands in no ping",
    "S1-11": "an event that was never recorded leaves nothing that could be examined",
    "S1-12": "an annotation that is missing breaks no promise of the document",
    "S1-13": "the document does not promise an annotation, nor an ID in it",
    "S2-05": "the opt-out has not settled yet",
    "S2-08": "the deletion request is the one ping that must carry the old client id",
    "S2-16": "a record without an ID holds none to clear",
    "S2-17": "pings from before the opt-out may stay on disk",
    "S3-05": "the opt-out has not settled yet",
    "S5-10": "the document itself asks for the ID in this event",
    "S5-13": "one change has one name: readers cut all names as the platform cuts an event's value",
    "S5-14": "an empty name is a name, and the document promises no annotation",
    "S5-19": "an event that the platform dropped leaves nothing that could be examined",
    "S6-07": "the values are documented for this kind of source, though for other causes",
    "S6-08": "the document promises one report a run for the runner alone",
    "S6-10": "85 keys are within the limit of 100",
}

BEYOND = {
    "firefox-115-upload-off": {
        # Glean's deletion request lists both Nimbus enrollments with their IDs, as in S3-16.
        ("enrollment_id_in_deletion_request", LOW),
    },
    "firefox-115-upload-off-on": {
        # The same places as S3-09, seen as what they do: four IDs tie the old client id to the new.
        ("enrollment_id_shared_between_clients", HIGH),
    },
    "firefox-115-uptake": {
        # The rollout of the recording is annotated with its old ID in both pings made while off.
        ("enrollment_id_recorded_after_opt_out", MEDIUM),
    },
}
