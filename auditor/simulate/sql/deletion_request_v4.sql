-- One row is one row of Mozilla's table `deletion_request_v4`. It has no column for an environment: should
-- a ping carry one all the same, it stands as it was sent in `additional_properties`.
SELECT
    time_of(received) AS submission_timestamp, ping AS document_id, client_id,
    iso_of(created) AS creation_date, number_of(hash(client_id) % 100) AS sample_id,
    channel AS normalized_channel,
    {'version': version, 'channel': channel} AS application,
    {'scalars': {'parent': {'deletion_request_context_id': CAST(NULL AS VARCHAR)}}} AS payload,
    CASE WHEN len(experiments) > 0 THEN CAST(to_json({'environment': {'experiments': map_from_entries(
        list_transform(experiments, lambda entry: {'key': entry.key, 'value': {
            'branch': entry.branch, 'enrollmentId': entry.enrollment_id, 'type': entry.type
        }})
    )}}) AS VARCHAR) END AS additional_properties
FROM arrived WHERE document_type = 'deletion-request'
