-- One row is one entry of those that readers of pings listed, in its place: a list of texts.
SELECT * FROM (
    SELECT
        message, process, generate_subscripts(entries, 1) - 1 AS position, unnest(entries) AS entry
    FROM (
        SELECT message, process, from_json(entries, '[["VARCHAR"]]') AS entries FROM listed
    )
)
WHERE entry IS NOT NULL
