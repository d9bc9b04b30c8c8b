-- One row is one thing that happened, as the findings of the last run tell it, in order of time:
-- evidence, other places of the subject, and when the person had upload off and on.
WITH last AS (
    SELECT findings.id AS finding, rules.name AS rule
    FROM findings
    JOIN verdicts ON verdicts.id = findings.verdict
    JOIN rules ON rules.id = verdicts.rule
    WHERE verdicts.run = (SELECT max(id) FROM runs)
),
told AS (
    -- What shows that upload is on again was itself recorded after it.
    SELECT
        evidence.at, evidence.person, evidence.event, evidence.note, evidence.breaks, last.rule,
        last.finding, evidence.ping, evidence.source, evidence.position, 1 AS turn
    FROM last JOIN evidence ON evidence.finding = last.finding
    UNION ALL
    SELECT
        story.at, story.person, story.event, NULL, 0, last.rule, last.finding, NULL, NULL, NULL, 1
    FROM last JOIN story ON story.finding = last.finding
    UNION ALL
    SELECT
        coalesce(switches.at, switches.latest), switches.person, 'upload ' || switches.upload, NULL, 0,
        last.rule, last.finding, NULL, NULL, NULL, 0
    FROM last JOIN switches ON switches.finding = last.finding
)
SELECT at, person, event, note, breaks, rule, finding, ping, source, position
FROM told
ORDER BY at, turn, finding
