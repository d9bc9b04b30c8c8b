-- One row is one entry of a ping's experiments. An older nested table has no column for their IDs and
-- types, which then stand in `hidden` under the name of the experiment.
WITH shown AS (
    SELECT message, unnest(experiments, max_depth := 2) FROM documents
    UNION ALL
    SELECT flat_message(document, copy), unnest(arg_min(experiments, file), max_depth := 2)
    FROM flat_experiments WHERE experiments IS NOT NULL GROUP BY document, copy
),
kept AS (
    SELECT message, unnest(experiments_of(hidden -> '$.environment.experiments'), max_depth := 2)
    FROM documents WHERE hidden IS NOT NULL
)
SELECT
    message, key AS name, coalesce(shown.value.branch, kept.value.branch) AS branch,
    coalesce(shown.value.type, kept.value.type) AS type,
    coalesce(shown.value.enrollment_id, kept.value.enrollment_id) AS recorded_id
FROM shown FULL JOIN kept USING (message, key)
