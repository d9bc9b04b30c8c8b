-- One row is one event ping: what was recorded since the one before it, or within the hour. A sampled
-- browser reports its run of recipes soon after it started, before anything else happens. Lists keep the
-- order of `happenings`, which one thread reads: sorting each would take twice as long.
WITH grouped AS (
    SELECT client, session, (moment - start) // 3600000 AS batch, list({
        'offset': moment - start, 'category': 'normandy', 'method': method, 'object': object,
        'value': value, 'extras': extras
    }) AS events
    FROM happenings GROUP BY client, session, batch
),
reported AS (
    SELECT sessions.client, sessions.session, 0 AS batch, runs.events
    FROM sessions JOIN runs
        ON runs.number = CAST(floor(draw('run', sessions.client, sessions.session) * 16) AS BIGINT)
    WHERE sessions.reports_uptake
)
SELECT
    client, session, batch,
    coalesce(reported.events, []) || coalesce(grouped.events, []) AS events
FROM grouped FULL JOIN reported USING (client, session, batch)
