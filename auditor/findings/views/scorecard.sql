-- One row is the verdict on one promise in the last run, the broken ones first.
SELECT
    rules.name AS rule, rules.promise, rules.severity, verdicts.verdict, verdicts.reason,
    verdicts.detail, verdicts.subjects, verdicts.broken,
    (
        SELECT earlier.verdict
        FROM verdicts AS earlier JOIN rules AS same ON same.id = earlier.rule
        WHERE same.name = rules.name AND earlier.run < verdicts.run
        ORDER BY earlier.run DESC LIMIT 1
    ) AS verdict_before
FROM verdicts JOIN rules ON rules.id = verdicts.rule
WHERE verdicts.run = (SELECT max(id) FROM runs)
ORDER BY
    CASE verdicts.verdict WHEN 'broken' THEN 1 WHEN 'unproven' THEN 2 ELSE 3 END,
    CASE rules.severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END,
    rules.name
