-- One row is one distinct shape of event, counted: what `event_shapes` holds against the contracts.
--
-- reads: events
-- key: shape
-- places: shaped_events
SELECT
    shape,
    any_value(method) AS method,
    any_value(object) AS object,
    any_value(keys) AS keys,
    any_value(reason) AS reason,
    any_value(original_reason) AS original_reason,
    any_value(experiment_type) AS experiment_type,
    any_value(previous_state) AS previous_state,
    any_value(did_reset_value) AS did_reset_value,
    any_value(carries) AS carries,
    any_value(major) AS major,
    any_value(channel) AS channel,
    count(*) AS events,
    max(value_bytes) AS longest_value,
    max(extra_bytes) AS longest_extra
FROM shaped_events
GROUP BY shape
