-- One row is one enrollment as the client itself stores it on disk, in one snapshot.
--
-- `made` tells whether the record was made `before` its person turned upload off, `after`, or is
-- `unknown`; it is NULL when the person did not, as far as the snapshot shows. A record that holds
-- the filler was made before: new changes receive IDs as normal. One was made after when its
-- enrollment is recorded after; that its ID is first seen after proves nothing. `settled` tells whether the opt-out
-- is over, or the snapshot is the last sight of the record. `differs` tells whether its ID is another
-- than the last that events of the same change carried, `was_filled` whether an earlier snapshot held
-- the filler.
--
-- reads: records
-- key: record_key
-- places: record_places
WITH departures AS (
    SELECT
        record_places.record_key,
        count(switches.person) AS opt_outs,
        max(switches.moment) AS last_opt_out,
        max(enrollments.enrolled) AS enrolled,
        max(enrollments.opted_out) AS opted_out
    FROM record_places
    LEFT JOIN switches
        ON switches.person = record_places.person AND switches.upload = 'off'
        AND (
            switches.moment IS NULL OR switches.moment <= record_places.snapshot
            OR record_places.upload_off
        )
    LEFT JOIN enrollments ON enrollments.enrollment_id = record_places.enrollment_id
    GROUP BY record_places.record_key
),
reported AS (
    SELECT
        change_key,
        count(DISTINCT enrollment_id) AS ids,
        max_by(enrollment_id, (sequence, ping, position)) AS last_id,
        max_by(ends, (sequence, ping, position)) AS has_ended
    FROM uses
    WHERE place = 'event' AND enrollment_id IS NOT NULL AND NOT naming
    GROUP BY change_key
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
    reported.ids AS ids_reported,
    CASE WHEN record_places.enrollment_id IS NULL OR reported.last_id IS NULL THEN NULL
        ELSE reported.last_id <> record_places.enrollment_id END AS differs,
    reported.has_ended,
    CASE
        WHEN departures.opt_outs = 0 THEN NULL
        WHEN record_places.filled THEN 'before'
        WHEN record_places.enrollment_id IS NULL THEN NULL
        WHEN departures.opted_out <= departures.last_opt_out THEN 'before'
        WHEN departures.enrolled > coalesce(departures.last_opt_out, 0) THEN 'after'
        ELSE 'unknown'
    END AS made,
    record_places.last_sight
        OR record_places.snapshot >= departures.last_opt_out + settings.settle AS settled
FROM record_places
LEFT JOIN reported ON reported.change_key = record_places.change_key
JOIN departures ON departures.record_key = record_places.record_key
CROSS JOIN settings
