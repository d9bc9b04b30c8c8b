-- One row is one enrollment ID in one place, of whichever shard, and the person that it tells of there.
--
-- reads: events annotations records
SELECT pings.person, events.enrollment_id
FROM events JOIN pings ON pings.ping = events.ping
WHERE events.enrollment_id IS NOT NULL
UNION ALL
SELECT pings.person, annotations.enrollment_id
FROM annotations JOIN pings ON pings.ping = annotations.ping
WHERE annotations.enrollment_id IS NOT NULL
UNION ALL
SELECT person, enrollment_id FROM records WHERE enrollment_id IS NOT NULL
