-- One row is one row of Mozilla's table `event_events_v1`: one event of an event ping.
SELECT
    CAST(make_timestamp(received * 1000) AS DATE) AS submission_date, ping AS document_id, client_id,
    channel AS normalized_channel, 'Firefox' AS app_name, version AS app_version,
    list_transform(experiments, lambda entry: {
        'key': entry.key, 'value': {
            'branch': entry.branch, 'enrollment_id': entry.enrollment_id, 'type': entry.type
        }
    }) AS experiments,
    number_of(hash(client_id) % 100) AS sample_id, session_id,
    time_of(process_start) AS session_start_time, time_of(received) AS "timestamp",
    number_of(event.offset) AS event_timestamp, event.category AS event_category,
    event.method AS event_method, event.object AS event_object,
    event.value AS event_string_value, event.extras AS event_map_values, 'parent' AS event_process
FROM (SELECT *, unnest(events) AS event FROM arrived WHERE document_type = 'event')
