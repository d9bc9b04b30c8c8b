-- One row is one finding of the last run that is not waived, the gravest first; since which run it
-- is known, and in how many runs it was.
SELECT
    findings.id AS finding, findings.severity, rules.name AS rule, findings.message,
    findings.disposition, min(seen.run) AS first_run, count(DISTINCT seen.run) AS runs,
    findings.fingerprint
FROM findings
JOIN verdicts ON verdicts.id = findings.verdict
JOIN rules ON rules.id = verdicts.rule
JOIN findings AS same ON same.fingerprint = findings.fingerprint
JOIN verdicts AS seen ON seen.id = same.verdict
WHERE verdicts.run = (SELECT max(id) FROM runs) AND findings.disposition <> 'waived'
GROUP BY findings.id
ORDER BY
    CASE findings.severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END,
    rules.name, findings.id
