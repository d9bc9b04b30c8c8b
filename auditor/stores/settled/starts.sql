-- One row is one ping: between which times the process started that its events are counted from.
--
-- Every event in a ping happened before the ping was made, and, in the parent process, after the event
-- ping before it, which flushed all that had been recorded. The start that the browser gives is rounded
-- to the minute. A computer that sleeps stops the count, so that the start seems to move, but only ever
-- to later times: a later ping tells nothing of an earlier one's events.
WITH flushes AS (
    SELECT
        ping, session_id, created, process_start, first_offset, last_offset,
        CASE WHEN session_id IS NOT NULL THEN
            max(CASE WHEN document_type = 'event' THEN created END) OVER (
                PARTITION BY session_id ORDER BY created, ping
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            )
        END AS flushed
    FROM pings
)
SELECT
    ping, flushed,
    greatest(
        process_start - 30000,
        max(flushed - first_offset) OVER (
            PARTITION BY session_id ORDER BY created, ping
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
    ) AS earliest,
    coalesce(created - last_offset, process_start + 30000) AS latest,
    created - last_offset IS NOT NULL AS exact
FROM flushes
