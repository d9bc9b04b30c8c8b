-- One row is one promise that the last run could not prove, why, and the last run that could.
SELECT
    rules.name AS rule, rules.promise, verdicts.reason, verdicts.detail,
    (
        SELECT max(earlier.run)
        FROM verdicts AS earlier JOIN rules AS same ON same.id = earlier.rule
        WHERE same.name = rules.name AND earlier.verdict <> 'unproven'
    ) AS last_proven_run
FROM verdicts JOIN rules ON rules.id = verdicts.rule
WHERE verdicts.run = (SELECT max(id) FROM runs) AND verdicts.verdict = 'unproven'
ORDER BY rules.name
