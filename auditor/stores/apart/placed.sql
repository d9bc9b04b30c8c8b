-- One row is one event of the category `normandy`, in its place, of those that readers of pings listed.
-- Two keys of an event can be the same only where they hold what no UTF-8 can, and so U+FFFD.
SELECT
    message, process, position, CAST(entry[1] AS BIGINT) AS offset_ms,
    entry[3] AS method, entry[4] AS object, entry[5] AS value,
    coalesce(json_keys(entry[6]), []) AS named,
    coalesce(json_extract_string(entry[6], '$.*'), []) AS told,
    CASE WHEN contains(entry[6], chr(65533)) THEN list_distinct(named) ELSE named END AS keys
FROM entries
WHERE entry[2] = 'normandy'
