-- One row is one record on disk: the place that a stored record stands in.
--
-- reads: records
SELECT
    NULL AS ping, source, NULL AS process, NULL AS position, NULL AS sequence,
    snapshot AS moment, 'record' AS place,
    'record ' || kind AS event,
    person, snapshot, upload_off, store, kind AS record_kind, slug AS record_slug, state,
    enrollment_id, filler AS filled,
    snapshot = max(snapshot) OVER (PARTITION BY person) AS last_sight,
    concat(person, chr(31), source, chr(31), slug, chr(31), snapshot) AS record_key
FROM records
