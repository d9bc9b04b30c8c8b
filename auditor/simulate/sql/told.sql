-- One row is one ping as it was made, whoever gets to see it: the form that all others are written from.
--
-- `lost` marks one that never arrives. Nobody loses the only ping that names a change: an enrollment is
-- lost only where the session's main ping lists it. A person who turns upload off has no ping on its way.
WITH held AS (
    SELECT client, list({
        'slug': slug, 'branch': branch, 'type': type, 'enters': enters, 'entered_at': entered_at,
        'left_at': left_at, 'is_old': is_old,
        'enrollment_id': CASE WHEN has_ids AND kind <> 'addon_rollout' THEN enrollment_id END
    } ORDER BY stay) AS stays
    FROM stays GROUP BY client
),
made AS (
    SELECT
        sessions.*, 'event' AS document_type, 'own' AS made_by, batches.batch, batches.events,
        least(sessions.start + (batches.batch + 1) * 3600000, sessions.ended - 1000) AS created
    FROM batches
    JOIN sessions ON sessions.client = batches.client AND sessions.session = batches.session
    UNION ALL
    SELECT sessions.*, 'main', 'own', 1000, [], ended FROM sessions
    UNION ALL
    SELECT sessions.*, 'main', 'copy', 1001, [], ended + 3600000
    FROM sessions WHERE session > copied_in
    UNION ALL
    SELECT sessions.*, 'deletion-request', 'own', 1002, [], ended + 1000
    FROM sessions WHERE session = left_in
),
listed AS (
    SELECT
        made.*,
        CASE WHEN made.made_by = 'copy' THEN copied.ended ELSE made.created END AS seen_at,
        count(*) FILTER (made.document_type = 'event')
            OVER (PARTITION BY made.client, made.session) AS event_pings
    FROM made LEFT JOIN sessions AS copied
        ON made.made_by = 'copy' AND copied.client = made.client AND copied.session = made.copied_in
)
SELECT
    uuid_of('ping ' || made_by, listed.client * 64 + session, batch) AS ping,
    'profile ' || listed.client AS profile,
    document_type,
    CASE WHEN is_off THEN getvariable('canary')
        ELSE uuid_of('client', listed.client, turn) END AS client_id,
    CASE WHEN document_type <> 'deletion-request'
        THEN uuid_of('session ' || made_by, listed.client, session) END AS session_id,
    created,
    created - skew + CASE
        WHEN session <= left_in THEN CAST(draw('hasty', listed.client, created) * 250 AS BIGINT)
        WHEN draw('late', listed.client, created) < getvariable('late')
        THEN CAST(getvariable('day') * (1 + waited('later', listed.client, created)) AS BIGINT)
        ELSE 400 + CAST(waited('sent', listed.client, created) * 2000 AS BIGINT)
    END AS received,
    process_start, version, channel, events,
    CASE WHEN document_type = 'deletion-request' THEN [] ELSE list_transform(
        list_filter(
            coalesce(held.stays, []),
            lambda stay: (stay.is_old OR stay.entered_at <= seen_at)
                AND (stay.left_at IS NULL OR stay.left_at > seen_at)
        ),
        lambda stay: {
            'key': stay.slug, 'branch': stay.branch,
            'enrollment_id': CASE
                WHEN stay.enrollment_id IS NOT NULL AND (
                    stay.is_old OR (stay.enters <= left_in AND session > left_in)
                ) THEN getvariable('filler') ELSE stay.enrollment_id END,
            'type': stay.type
        }
    ) END AS experiments,
    CASE WHEN document_type = 'main' AND reports_uptake THEN (
        SELECT list({'key': recipe, 'value': revision} ORDER BY recipe) FROM recipes
    ) ELSE [] END AS freshness,
    made_by = 'own' AND draw('lost', listed.client, created) < getvariable('lost')
        AND session IS DISTINCT FROM left_in
        AND event_pings = CASE document_type WHEN 'event' THEN 1 ELSE 0 END AS lost,
    CASE WHEN left_in IS NULL AND draw('twice', listed.client, created) < getvariable('twice')
        THEN 2 ELSE 1 END AS copies,
    FALSE AS is_planted
FROM listed LEFT JOIN held ON held.client = listed.client
