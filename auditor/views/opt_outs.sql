-- One row is one moment at which a person turned upload off.
--
-- `until` is when it was on again, NULL when it stayed off. `pings_while_off` counts the pings made
-- in between, `records_unfilled` the person's records in Normandy's own stores that still hold an ID
-- from before.
--
-- reads: switches
-- key: opt_out_key
-- places: switch_places
WITH periods AS (
    SELECT
        switch_places.*,
        (
            SELECT min(later.moment) FROM switches AS later
            WHERE later.person = switch_places.person AND later.upload = 'on'
                AND later.moment > switch_places.moment
        ) AS until
    FROM switch_places
)
SELECT
    periods.opt_out_key,
    periods.moment,
    periods.until,
    periods.shown_by,
    periods.shown_by = 'deletion request' AS deletion_requested,
    count(DISTINCT pings.ping) AS pings_while_off,
    count(DISTINCT unfilled.record_key) AS records_unfilled
FROM periods
LEFT JOIN pings
    ON pings.person = periods.person AND pings.upload_off AND pings.moment >= periods.moment
    AND pings.moment < coalesce(periods.until, 9223372036854775807)
LEFT JOIN (
    SELECT stored_records.record_key, record_places.person
    FROM stored_records
    JOIN record_places ON record_places.record_key = stored_records.record_key
    WHERE stored_records.made = 'before' AND stored_records.settled
        AND stored_records.store <> 'nimbus' AND NOT stored_records.filled
) AS unfilled ON unfilled.person = periods.person
GROUP BY periods.opt_out_key, periods.moment, periods.until, periods.shown_by
