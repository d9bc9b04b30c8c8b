-- One row is one event, with its order and the bounds of its time.
--
-- `sequence` orders the events of a person: by the time at which each can have happened at the latest,
-- then by position. It is exact within a ping, between the pings of a session, and between sessions,
-- unless the ping's creation is not recorded (`exact` is then false, and only the order within a session
-- is sure). It is NULL where the session is not recorded.
SELECT
    pings.ping,
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
