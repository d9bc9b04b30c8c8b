-- One row is one keyed scalar in one ping: the place that it stands in.
--
-- reads: scalars
-- sharded: scalar_key
SELECT
    scalars.ping, any_value(pings.person) AS person, any_value(pings.store_number) AS store_number,
    any_value(pings.source) AS source, NULL AS process, NULL AS position,
    NULL AS sequence, any_value(pings.moment) AS moment, 'scalar' AS place,
    scalars.name AS event,
    concat_ws(chr(31), scalars.name, coalesce(cast(any_value(pings.major) AS VARCHAR), ''))
        AS scalar_key,
    scalars.name, count(DISTINCT scalars.key) AS keys, max(length(scalars.key)) AS longest_key,
    count(*) FILTER (
        scalars.value IS NULL OR scalars.value NOT BETWEEN 1483228800 AND 4102444800
    ) AS values_no_time,
    count(*) AS reported
FROM scalars JOIN pings ON pings.ping = scalars.ping
GROUP BY scalars.ping, scalars.name
