-- One row is one event, with its order and the bounds of its time.
--
-- `sequence` orders the events of a person: by the time at which each can have happened at the latest,
-- then by position. It is exact within a ping, between the pings of a session, and between sessions,
-- unless the ping's creation is not recorded (`exact` is then false, and only the order within a session
-- is sure). It is NULL where the session is not recorded.
--
-- An event of Glean is left out when the same event of Firefox's own telemetry is recorded too: from
-- version 132 on the one mirrors the other.
WITH placed AS (
SELECT
    pings.ping, pings.person,
    CASE WHEN pings.session_id IS NOT NULL
        THEN (starts.latest + events.offset) * 10000 + least(events.position, 9998)
    END AS sequence,
    starts.exact,
    CASE WHEN starts.latest IS NOT NULL THEN
        least(starts.earliest + events.offset, starts.latest + events.offset)
    END AS earliest,
    coalesce(starts.latest + events.offset, pings.created, pings.received) AS latest,
    {columns}
FROM recorded_events AS events
JOIN pings ON pings.message = events.message
JOIN starts ON starts.ping = pings.ping
)
SELECT placed.* EXCLUDE (person)
FROM placed
WHERE placed.process <> 'glean' OR NOT EXISTS (
    SELECT 1 FROM placed AS mirrored
    WHERE mirrored.process <> 'glean' AND mirrored.person = placed.person
        AND mirrored.method = placed.method AND mirrored.object = placed.object
        AND mirrored.slug IS NOT DISTINCT FROM placed.slug
        AND mirrored.reason IS NOT DISTINCT FROM placed.reason
        AND placed.latest BETWEEN mirrored.earliest - 2000 AND mirrored.latest + 2000
)
