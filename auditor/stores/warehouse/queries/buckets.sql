-- One row is one bucket of an uptake histogram of Normandy's that is not empty, with the status that it
-- stands for; `status` is NULL where it stands for none that is known, or where there are no buckets.
WITH told AS (
    SELECT message, unnest(histograms) AS part FROM documents
    UNION ALL
    SELECT message, {
        'name': 'parent',
        'pairs': pairs_of(hidden -> '$.payload.keyedHistograms.UPTAKE_REMOTE_CONTENT_RESULT_1')
    }
    FROM documents WHERE hidden IS NOT NULL
    UNION ALL
    SELECT message, {
        'name': process.key,
        'pairs': pairs_of(process.value -> '$.keyedHistograms.UPTAKE_REMOTE_CONTENT_RESULT_1')
    }
    FROM (
        SELECT message, unnest(entries_of(hidden -> '$.payload.processes')) AS process
        FROM documents WHERE hidden IS NOT NULL
    )
),
sources AS (
    SELECT message, name AS process, key AS source, value AS histogram
    FROM (SELECT message, part.name, unnest(part.pairs, max_depth := 2) FROM told)
    WHERE starts_with(key, getvariable('sources'))
),
buckets AS (
    SELECT message, process, source, unnest(coalesce(buckets_of(histogram), [
        {'key': '', 'value': ''}
    ]), max_depth := 2)
    FROM sources
)
SELECT
    message, process || ' histogram' AS process, source, place,
    CASE WHEN number_of(value) > 0 THEN statuses.status END AS status
FROM buckets LEFT JOIN statuses ON statuses.place = number_of(key)
WHERE number_of(value) IS DISTINCT FROM 0
