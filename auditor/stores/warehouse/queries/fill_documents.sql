-- One row is one ping of a nested table. What kind of ping it is, is told by the parts that it has, or
-- else by the name of the file.
WITH told AS (
    SELECT
        *, try_cast(additional_properties AS JSON) AS hidden,
        coalesce(json_type(hidden, '$.payload.events'), json_type(hidden, '$.payload.processes'))
            IS NOT NULL AS is_hiding,
        list_transform(events, lambda each: each.offset_ms) AS offsets,
        list_transform(
            list_filter(events, lambda each: each.process = 'parent'), lambda each: each.offset_ms
        ) AS parent_offsets
    FROM raw
    WHERE document IS NOT NULL
)
SELECT
    getvariable('file'), number,
    concat(
        getvariable('store'), ':', lpad(CAST(getvariable('file') AS VARCHAR), 6, '0'),
        ':', lpad(CAST(number AS VARCHAR), 12, '0')
    ),
    document,
    CASE
        WHEN info_reason IS NOT NULL OR info_session IS NOT NULL OR has_processes THEN 'main'
        WHEN has_events OR payload_session IS NOT NULL THEN 'event'
        WHEN has_scalars OR getvariable('is_requests') THEN 'deletion-request'
        ELSE 'unknown'
    END,
    plain(client_id),
    coalesce(profile_group_id, hidden ->> '$.profileGroupId'),
    coalesce(payload_session, info_session),
    created, received, clock_of(process_start), app_version, channel,
    has_events OR coalesce(len(events) > 0, FALSE),
    list_min(parent_offsets), list_max(offsets), is_hiding,
    list_filter(
        events,
        lambda each: is_hiding OR coalesce(is_wanted(each.category, coalesce(each.object, 'normandy')), FALSE)
    ),
    list_filter(scalars, lambda each: len(each.pairs) > 0), histograms, experiments, hidden
FROM told
