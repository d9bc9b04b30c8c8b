-- One row is one event of Normandy's in a flattened table, or one uptake report of its.
SELECT
    getvariable('file'), number, document, coalesce(received, submitted, 0), process,
    offset_of(offset_ms), category, method, object, value, extras
FROM raw
WHERE document IS NOT NULL AND is_wanted(category, coalesce(object, 'normandy'))
