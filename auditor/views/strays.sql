-- One row is one identifier that does not look like one: what the report's writer must be told of,
-- since it knows UUIDs by their look.
--
-- reads: pings
SELECT DISTINCT identifier
FROM (
    SELECT enrollment_id AS identifier FROM enrollment_ids
    UNION ALL
    SELECT client_id FROM pings
    UNION ALL
    SELECT profile_group_id FROM pings
    UNION ALL
    SELECT session_id FROM pings WHERE session_id NOT LIKE 'of ping %'
    UNION ALL
    SELECT user_id FROM profiles
)
WHERE NOT regexp_matches(identifier, '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')
