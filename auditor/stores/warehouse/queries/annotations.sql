-- One row is one entry of a ping's experiments, with the kind of change that its type stands for.
SELECT
    message, coalesce(slug_of(experiments.name), '') AS slug, type, annotated.kind, branch,
    nullif(recorded_id, getvariable('filler')) AS enrollment_id,
    coalesce(recorded_id = getvariable('filler'), FALSE) AS filler
FROM experiments LEFT JOIN annotated ON annotated.name = experiments.type
ORDER BY message, slug
