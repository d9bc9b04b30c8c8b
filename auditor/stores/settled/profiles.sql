-- One row is one profile as it was left, with the person that it is about.
--
-- Two snapshots that tell the same of a profile are one, however often it was given: the first of them.
-- Where they hold no records, only those of one person are: nothing else tells that they are alike.
WITH held AS (
    SELECT
        number,
        list_sort(list(concat_ws(
            chr(31), source, store, kind, slug, coalesce(state, chr(30)), ended,
            coalesce(enrollment_id, chr(30)), filler, coalesce(started, -1), coalesce(seen, -1), is_stale
        ))) AS records
    FROM recorded_records GROUP BY number
),
told AS (
    SELECT
        coalesce(persons.person, profiles.profile) AS person, held.records, {columns}
    FROM recorded_profiles AS profiles
    LEFT JOIN persons ON persons.mark = profiles.profile
    LEFT JOIN held ON held.number = profiles.number
),
copies AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY
                snapshot, client_id, user_id, session_id, upload_off, shown_by, source, records,
                CASE WHEN records IS NULL THEN person END
            ORDER BY number
        ) AS copy
    FROM told
)
SELECT * EXCLUDE (records, copy) FROM copies WHERE copy = 1
ORDER BY ALL
