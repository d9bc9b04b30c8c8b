-- One row is one run, in the order in which they came: its verdicts, its findings by severity, and
-- how many of them the run before did not have (`new`) or had and this one has not (`gone`).
WITH found AS (
    SELECT verdicts.run, findings.fingerprint, findings.severity, findings.disposition
    FROM findings JOIN verdicts ON verdicts.id = findings.verdict
),
ordered AS (SELECT id AS run, lag(id) OVER (ORDER BY id) AS before FROM runs)
SELECT
    ordered.run,
    (SELECT sum(stores.pings) FROM stores WHERE stores.run = ordered.run) AS pings,
    count(*) FILTER (WHERE verdicts.verdict = 'broken') AS broken,
    count(*) FILTER (WHERE verdicts.verdict = 'holds') AS holds,
    count(*) FILTER (WHERE verdicts.verdict = 'unproven') AS unproven,
    (SELECT count(*) FROM found WHERE found.run = ordered.run) AS findings,
    (SELECT count(*) FROM found WHERE found.run = ordered.run AND severity = 'high') AS high,
    (SELECT count(*) FROM found WHERE found.run = ordered.run AND severity = 'medium') AS medium,
    (SELECT count(*) FROM found WHERE found.run = ordered.run AND severity = 'low') AS low,
    (SELECT count(*) FROM found WHERE found.run = ordered.run AND severity = 'note') AS note,
    (SELECT count(*) FROM found WHERE found.run = ordered.run AND disposition = 'waived') AS waived,
    (
        SELECT count(DISTINCT fingerprint) FROM found
        WHERE found.run = ordered.run AND fingerprint NOT IN (
            SELECT fingerprint FROM found AS earlier WHERE earlier.run = ordered.before
        )
    ) AS new,
    (
        SELECT count(DISTINCT fingerprint) FROM found
        WHERE found.run = ordered.before AND fingerprint NOT IN (
            SELECT fingerprint FROM found AS later WHERE later.run = ordered.run
        )
    ) AS gone
FROM ordered LEFT JOIN verdicts ON verdicts.run = ordered.run
GROUP BY ordered.run
ORDER BY ordered.run
