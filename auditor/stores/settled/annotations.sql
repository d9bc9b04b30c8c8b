-- One row is one entry of a ping's experiments, in the order of the ping: after all its events.
SELECT
    pings.ping, pings.moment * 10000 + 9999 AS sequence, pings.created IS NOT NULL AS exact, {columns}
FROM recorded_annotations AS annotations
JOIN pings ON pings.message = annotations.message
