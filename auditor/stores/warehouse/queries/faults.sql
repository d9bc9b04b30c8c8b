-- One row is one row of a file that is no ping, or that has an event which is none.
SELECT file, number, reason FROM refused
UNION ALL
SELECT documents.file, documents.number, 'has an event whose parts have the wrong types'
FROM exploded JOIN documents USING (message)
WHERE is_wanted(category, coalesce(object, 'normandy')) AND (method IS NULL OR object IS NULL)
UNION ALL
SELECT file, number, 'has an event whose parts have the wrong types'
FROM flat_events WHERE method IS NULL OR object IS NULL
UNION ALL
SELECT file, min(number), 'has something else in the place of a time; later rows may too'
FROM untimed GROUP BY file
UNION ALL
SELECT DISTINCT documents.file, documents.number, getvariable('no_status')
FROM buckets JOIN documents USING (message)
WHERE buckets.status IS NULL
ORDER BY file, number, reason
