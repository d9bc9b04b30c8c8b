-- Takes away each event of Glean of which the same event of Firefox's own telemetry is recorded too: from
-- version 132 on the one mirrors the other.
DELETE FROM events WHERE process = 'glean' AND (ping, position) IN (
    SELECT (events.ping, events.position)
    FROM events JOIN pings ON pings.ping = events.ping
    WHERE events.process = 'glean' AND EXISTS (
        SELECT 1 FROM events AS mirrored JOIN pings AS others ON others.ping = mirrored.ping
        WHERE mirrored.process <> 'glean' AND others.person = pings.person
            AND mirrored.method = events.method AND mirrored.object = events.object
            AND mirrored.slug IS NOT DISTINCT FROM events.slug
            AND mirrored.reason IS NOT DISTINCT FROM events.reason
            AND events.latest BETWEEN mirrored.earliest - 2000 AND mirrored.latest + 2000
    )
)
