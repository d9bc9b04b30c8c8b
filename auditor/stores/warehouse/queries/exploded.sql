-- One row is one event of a nested ping, in its place.
--
-- A process or a value that the warehouse has no column for stands in `hidden`, as it was sent: a whole
-- event, or the parts of it that did not fit, under the index of the event.
WITH hiding AS (
    SELECT message, events, hidden FROM documents WHERE is_hiding
),
places AS (
    SELECT message, unnest(entries_of(hidden -> '$.payload.events')) AS part FROM hiding
    UNION ALL
    SELECT message, {'key': process.key, 'value': process.value -> '$.events'}
    FROM (SELECT message, unnest(entries_of(hidden -> '$.payload.processes')) AS process FROM hiding)
),
kept AS (
    SELECT
        message, part.key AS process, generate_subscripts(list_of(part.value), 1) - 1 AS position,
        unnest(list_of(part.value)) AS told
    FROM places
),
parts AS (
    SELECT
        message, process, position, json_extract_string(told, [
            '$[0]', '$[1]', '$[2]', '$[3]', '$[4]'
        ]) AS texts, pairs_of(told -> '$[5]') AS extras
    FROM kept
),
shown AS (
    SELECT message, unnest(events, max_depth := 2) FROM hiding
)
SELECT
    message, process, position,
    coalesce(shown.offset_ms, offset_of(number_of(texts[1]))) AS offset_ms,
    coalesce(shown.category, texts[2]) AS category,
    coalesce(shown.method, texts[3]) AS method,
    coalesce(shown.object, texts[4]) AS object,
    coalesce(shown.value, texts[5]) AS value,
    coalesce(shown.extras, parts.extras) AS extras
FROM shown FULL JOIN parts USING (message, process, position)
UNION ALL
SELECT message, unnest(events, max_depth := 2)
FROM documents WHERE NOT is_hiding
