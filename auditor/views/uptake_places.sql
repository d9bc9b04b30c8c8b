-- One row is one uptake report, with the key of its shape.
--
-- reads: uptake
-- sharded: uptake_shape
SELECT
    uptake.ping, pings.person, pings.store_number, pings.source, uptake.process, uptake.position, NULL AS sequence,
    pings.moment, 'uptake' AS place,
    'uptake ' || coalesce(uptake.status, '(no status)') AS event,
    CASE
        WHEN uptake.source = 'normandy/runner' THEN 'runner'
        WHEN regexp_matches(uptake.source, '^normandy/action/[A-Za-z0-9_-]+$') THEN 'action'
        WHEN regexp_matches(uptake.source, '^normandy/recipe/[0-9]+$') THEN 'recipe'
        ELSE 'undocumented'
    END AS about,
    uptake.status, pings.major,
    concat_ws(chr(31), about, coalesce(uptake.status, ''), coalesce(cast(pings.major AS VARCHAR), ''))
        AS uptake_shape
FROM uptake JOIN pings ON pings.ping = uptake.ping
