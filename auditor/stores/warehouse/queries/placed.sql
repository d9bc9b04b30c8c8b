-- One row is one event of the category `normandy`, in its place.
--
-- A flattened export tells no positions: events stand in the order of their times, and of two within one
-- millisecond an enrollment stands first and an ending last.
SELECT
    * REPLACE (coalesce(position, row_number() OVER (
        PARTITION BY message, process
        ORDER BY
            offset_ms,
            CASE WHEN method = 'enroll' THEN 0 WHEN method IN ('unenroll', 'graduate') THEN 2 ELSE 1 END,
            method, object, value, extras
    ) - 1) AS position),
    keys_of(extras) AS named, values_of(extras) AS told, list_distinct(named) AS keys
FROM entries
WHERE category = 'normandy' AND method IS NOT NULL AND object IS NOT NULL
ORDER BY message, process, position
