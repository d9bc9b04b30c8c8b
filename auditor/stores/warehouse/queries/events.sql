-- One row is one event of the category `normandy`.
WITH told AS (
    SELECT
        * REPLACE (list_transform(
            coalesce(extras, []),
            lambda pair: {'key': pair.key, 'value': coalesce(pair.value, '')}
        ) AS extras),
        extra(extras, named, 'enrollmentId') AS recorded_id
    FROM placed
)
SELECT
    message, process, position, offset_ms AS offset, method, object,
    coalesce(kinds.kind, object) AS kind, slug_of(value) AS slug, value,
    nullif(recorded_id, getvariable('filler')) AS enrollment_id,
    coalesce(recorded_id = getvariable('filler'), FALSE) AS filler,
    extra(extras, named, 'reason') AS reason,
    extra(extras, named, 'originalReason') AS original_reason,
    extra(extras, named, 'branch') AS branch,
    extra(extras, named, 'experimentType') AS experiment_type,
    coalesce(extra(extras, named, 'prefBranch'), extra(extras, named, 'preferenceBranch')) AS preference_branch,
    extra(extras, named, 'preference') AS preference,
    extra(extras, named, 'preferenceName') AS preference_name,
    extra(extras, named, 'didResetValue') AS did_reset_value,
    extra(extras, named, 'previousState') AS previous_state,
    extra(extras, named, 'addonId') AS addon_id,
    extra(extras, named, 'addonVersion') AS addon_version,
    extra(extras, named, 'caller') AS caller,
    slug_of(extra(extras, named, 'conflictingSlug')) AS conflicting_slug,
    extras,
    list_sort(list_distinct(named)) AS keys,
    coalesce(list_max(list_transform(extras, lambda pair: strlen(pair.value))), 0) AS longest_extra
FROM told LEFT JOIN kinds ON kinds.name = told.object
