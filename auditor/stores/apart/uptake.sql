-- One row is one uptake report of Normandy's, of those that readers of pings listed.
WITH entries AS (
    SELECT
        message, process, generate_subscripts(entries, 1) - 1 AS position, unnest(entries) AS entry
    FROM (SELECT message, process, entries_of_texts(uptake) AS entries FROM listed)
),
named AS (
    SELECT *, coalesce(json_keys(entry[6]), []) AS named FROM entries WHERE entry IS NOT NULL
)
SELECT
    message, process, position, json_extract_string(entry[6], '$.source') AS source,
    entry[5] AS status,
    CASE WHEN named = ['source'] THEN [] ELSE list_sort(list_distinct(
        list_filter(named, lambda name: name <> 'source')
    )) END AS keys
FROM named
