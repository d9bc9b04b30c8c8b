-- One row is one event of Normandy's, or one uptake report of its. Those of a flattened export have no
-- position.
--
-- Exports may overlap: rows that are alike in all are one event where they stand in several files, but
-- as many events as one file has of them.
WITH repeated AS (
    SELECT document, copy FROM flat_documents GROUP BY ALL HAVING count(DISTINCT file) > 1
),
numbered AS (
    SELECT
        flat_events.* EXCLUDE (file, number),
        row_number() OVER (
            PARTITION BY
                file, document, copy, process, offset_ms, category, method, object, value, extras
        ) AS again
    FROM flat_events SEMI JOIN repeated USING (document, copy)
)
SELECT
    flat_message(document, copy) AS message, process, NULL AS position,
    offset_ms, category, method, object, value, extras
FROM flat_events ANTI JOIN repeated USING (document, copy)
UNION ALL
SELECT
    flat_message(document, copy), process, NULL, offset_ms, category, method, object, value, extras
FROM (SELECT DISTINCT * FROM numbered)
UNION ALL
SELECT message, process, position, offset_ms, category, method, object, value, extras
FROM exploded
WHERE is_wanted(category, coalesce(object, 'normandy'))
