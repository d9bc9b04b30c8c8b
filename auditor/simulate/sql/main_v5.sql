-- One row is one row of Mozilla's table `main_v5`: of its ten thousand columns those that tell of Normandy.
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
        'info': {'reason': 'daily', 'session_id': session_id},
        'processes': {'parent': {'keyed_scalars': {
            'normandy_recipe_freshness': list_transform(
                freshness, lambda entry: {'key': entry.key, 'value': number_of(entry.value)}
            )
        }}}
    } AS payload
FROM arrived WHERE document_type = 'main'
