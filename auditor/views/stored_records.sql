-- One row is one enrollment as the client itself stores it on disk, in one snapshot.
--
-- `made` tells whether the record was made `before` its person turned upload off, `after`, or is
-- `unknown`; it is NULL when the person did not, as far as the snapshot shows. A record that holds
-- the filler was made before: new changes receive IDs as normal. One was made after when its
-- enrollment is recorded after; that its ID is first seen after proves nothing. `settled` tells whether the opt-out
-- is over, or the snapshot is the last sight of the record. `differs` tells whether its ID is another
-- than the last that events of the same change carried before the snapshot, `was_filled` whether an earlier snapshot held
-- the filler. `is_stale` tells that what the client wrote last may be missing from it.
--
-- reads: records
-- key: record_key
-- places: record_places
WITH departures AS (
    SELECT
        record_places.record_key,
        coalesce(
            max(switches.latest) FILTER (
                switches.latest < record_places.snapshot
                -- What shows an opt-out may be the profile itself: by its new client id.
                OR (switches.latest = record_places.snapshot AND (
                    record_places.upload_off OR switches.client_id <> record_places.seen_under
                ))
            ),
            min(switches.latest) FILTER (record_places.upload_off)
        ) AS last_opt_out,
        max(enrollments.enrolled) AS enrolled,
        max(enrollments.opted_out) AS opted_out
    FROM record_places
    LEFT JOIN switches
        ON switches.person = record_places.person AND switches.upload = 'off'
    LEFT JOIN enrollments ON enrollments.enrollment_id = record_places.enrollment_id
    GROUP BY record_places.record_key
),
reported AS (
    SELECT
        record_places.record_key,
        max_by(uses.enrollment_id, (uses.sequence, uses.ping, uses.position)) AS last_id,
        max_by(uses.ends, (uses.sequence, uses.ping, uses.position)) AS has_ended
    FROM record_places JOIN uses ON uses.change_key = record_places.change_key
    WHERE uses.place = 'event' AND uses.enrollment_id IS NOT NULL AND NOT uses.naming
        AND uses.latest <= record_places.snapshot
    GROUP BY record_places.record_key
)
SELECT
    record_places.record_key,
    record_places.store,
    record_places.record_kind AS change_kind,
    record_places.record_slug AS change,
    record_places.state,
    record_places.enrollment_id,
    record_places.filled,
    record_places.was_filled,
    record_places.is_stale,
    CASE WHEN record_places.enrollment_id IS NULL OR reported.last_id IS NULL THEN NULL
        ELSE reported.last_id <> record_places.enrollment_id END AS differs,
    reported.has_ended,
    CASE
        WHEN departures.last_opt_out IS NULL THEN NULL
        WHEN record_places.filled THEN 'before'
        WHEN record_places.enrollment_id IS NULL THEN NULL
        WHEN departures.opted_out <= departures.last_opt_out THEN 'before'
        WHEN departures.enrolled > departures.last_opt_out THEN 'after'
        ELSE 'unknown'
    END AS made,
    record_places.last_sight
        OR record_places.snapshot >= departures.last_opt_out + settings.settle AS settled
FROM record_places
LEFT JOIN reported ON reported.record_key = record_places.record_key
JOIN departures ON departures.record_key = record_places.record_key
CROSS JOIN settings
