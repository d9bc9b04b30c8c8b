-- One row is one document id that is an enrollment ID or a client id as well, and so must not be written.
--
-- reads: pings
SELECT DISTINCT ping
FROM pings
WHERE ping IN (SELECT enrollment_id FROM enrollment_ids)
    OR ping IN (SELECT client_id FROM pings WHERE client_id IS NOT NULL)
