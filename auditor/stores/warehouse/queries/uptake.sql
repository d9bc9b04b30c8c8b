-- One row is one uptake report of Normandy's, or one bucket that counts them. Those of a flattened export stand in the order of their
-- times; only they are put in order, since that is dear.
WITH told AS (
    SELECT *, keys_of(extras) AS named, values_of(extras) AS said FROM entries WHERE category <> 'normandy' AND method IS NOT NULL
),
known AS (
    SELECT
        message, process, position, offset_ms, value, extra(named, said, 'source') AS source,
        CASE WHEN named = ['source'] THEN [] ELSE list_sort(list_distinct(
            list_filter(named, lambda name: name <> 'source')
        )) END AS keys
    FROM told
)
SELECT message, process, position, source, value AS status, keys
FROM known WHERE position IS NOT NULL
UNION ALL
SELECT
    message, process,
    row_number() OVER (PARTITION BY message, process ORDER BY offset_ms, value, source) - 1,
    source, value, keys
FROM known WHERE position IS NULL
UNION ALL
SELECT
    message, process, row_number() OVER (PARTITION BY message, process ORDER BY source, place) - 1,
    source, status, []
FROM buckets WHERE status IS NOT NULL
