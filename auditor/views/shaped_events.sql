-- One row is one event, with the key of its shape.
--
-- reads: events
-- sharded: shape
WITH versioned AS (
    SELECT
        events.*, pings.person, pings.store_number, pings.source, pings.major, pings.channel,
        CASE WHEN events.enrollment_id IS NOT NULL THEN 'id' WHEN events.filler THEN 'filler'
            ELSE 'nothing' END AS carries
    FROM events JOIN pings ON pings.ping = events.ping
)
SELECT
    ping, person, store_number, source, process, position, sequence, latest AS moment, 'event' AS place,
    method || ' ' || object AS event,
    method, object, keys, reason, original_reason, experiment_type, previous_state,
    did_reset_value, carries, major, channel,
    strlen(value) AS value_bytes,
    longest_extra AS extra_bytes,
    concat_ws(
        chr(31), method, object, array_to_string(keys, ','), carries,
        coalesce(reason, chr(30)), coalesce(experiment_type, chr(30)),
        coalesce(previous_state, chr(30)), coalesce(did_reset_value, chr(30)),
        coalesce(original_reason, chr(30)),
        coalesce(cast(major AS VARCHAR), ''), coalesce(channel, '')
    ) AS shape
FROM versioned
