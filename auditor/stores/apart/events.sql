-- One row is one event of the category `normandy`, of what `placed` has of it: its place, its parts, the
-- keys and the values of its extras (`named`, `told`; a value that was null is NULL), and each key once.
WITH whole AS (
    SELECT
        * REPLACE (list_transform(told, lambda value: coalesce(value, '')) AS told),
        extra(named, told, 'enrollmentId') AS recorded_id
    FROM placed
)
SELECT
    message, process, position, offset_ms AS offset, method, object,
    kind_of(object) AS kind, slug_of(value) AS slug, value,
    nullif(recorded_id, getvariable('filler')) AS enrollment_id,
    coalesce(recorded_id = getvariable('filler'), FALSE) AS filler,
    {from_extras},
    slug_of(extra(named, told, 'conflictingSlug')) AS conflicting_slug,
    CAST(list_zip(named, told) AS pair[]) AS extras,
    list_sort(keys) AS keys,
    coalesce(list_max(list_transform(told, lambda value: strlen(value))), 0) AS longest_extra
FROM whole
