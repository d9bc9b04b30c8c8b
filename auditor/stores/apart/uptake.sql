-- One row is one uptake report of Normandy's, of those that readers of pings listed.
WITH named AS (
    SELECT *, coalesce(json_keys(entry[6]), []) AS named FROM entries WHERE entry[2] <> 'normandy'
)
SELECT
    message, process, position, json_extract_string(entry[6], '$.source') AS source,
    entry[5] AS status,
    CASE WHEN named = ['source'] THEN [] ELSE list_sort(list_distinct(
        list_filter(named, lambda name: name <> 'source')
    )) END AS keys
FROM named
