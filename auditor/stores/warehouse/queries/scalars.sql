-- One row is one key of a keyed scalar. The warehouse writes `normandy.recipe_freshness` with a line.
WITH shown AS (
    SELECT message, regexp_replace(scalar.name, '_', '.') AS name, scalar.pairs
    FROM (SELECT message, unnest(scalars) AS scalar FROM documents)
    UNION ALL
    SELECT message, scalar.key, pairs_of(scalar.value)
    FROM (
        SELECT message, unnest(entries_of(process.value -> '$.keyedScalars')) AS scalar
        FROM (
            SELECT message, unnest(entries_of(hidden -> '$.payload.processes')) AS process
            FROM documents WHERE hidden IS NOT NULL
        )
    )
)
SELECT message, name, pair.key AS key, number_of(pair.value) AS value
FROM (SELECT message, name, unnest(pairs) AS pair FROM shown)
WHERE starts_with(name, 'normandy.') OR starts_with(name, 'telemetry.keyed_scalars_exceed_limit')
ORDER BY message, name, key
