-- One row is one row of Mozilla's table `event_v4`. `sample_id` is drawn: the warehouse makes it of a
-- checksum of the client id.
SELECT
    time_of(received) AS submission_timestamp, ping AS document_id, client_id,
    iso_of(created) AS creation_date, number_of(hash(client_id) % 100) AS sample_id,
    channel AS normalized_channel,
    {'version': version, 'channel': channel} AS application,
    {'experiments': list_transform(experiments, lambda entry: {
        'key': entry.key, 'value': {
            'branch': entry.branch, 'enrollment_id': entry.enrollment_id, 'type': entry.type
        }
    })} AS environment,
    {
        'reason': 'periodic', 'session_id': session_id,
        'process_start_timestamp': number_of(process_start),
        'lost_events_count': number_of(0),
        'events': {'parent': list_transform(events, lambda event: {
            'f0_': number_of(event.offset), 'f1_': event.category, 'f2_': event.method,
            'f3_': event.object, 'f4_': event.value, 'f5_': event.extras
        })}
    } AS payload
FROM arrived WHERE document_type = 'event'
