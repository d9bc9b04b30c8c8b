-- One row is one record on disk: the place that a stored record stands in.
--
-- reads: records
-- sharded: person
SELECT
    NULL AS ping, store_number, source, NULL AS process, NULL AS position, NULL AS sequence,
    snapshot AS moment, 'record' AS place,
    'record ' || kind AS event,
    person, snapshot, upload_off, seen_under, store, kind AS record_kind, slug AS record_slug, state,
    enrollment_id, filler AS filled, is_stale,
    NOT EXISTS (
        SELECT 1 FROM profiles AS later
        WHERE later.person = records.person
            AND later.snapshot > records.snapshot
    ) AS last_sight,
    coalesce(bool_or(filler) OVER (
        PARTITION BY person, store, slug ORDER BY snapshot
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), FALSE) AS was_filled,
    concat(person, chr(31), kind, chr(31), slug) AS change_key,
    concat(person, chr(31), source, chr(31), slug, chr(31), number) AS record_key
FROM records
