-- One row is one row of a file that is no ping: the first of them.
SELECT getvariable('file'), number, CASE WHEN is_row THEN 'has no document id' ELSE 'is not JSON' END
FROM raw
WHERE document IS NULL
ORDER BY number LIMIT getvariable('most_refused')
