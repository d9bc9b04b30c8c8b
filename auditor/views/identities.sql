-- One row is one identifier that is no enrollment ID, and what it identifies. The canary ids, which all
-- browsers share while upload is off, are listed as what they are.
--
-- reads: pings
SELECT identity, min(what) AS what
FROM (
    SELECT client_id AS identity, 'a client id' AS what FROM pings
    UNION ALL SELECT profile_group_id, 'a profile group id' FROM pings
    UNION ALL SELECT session_id, 'a session id' FROM pings
    UNION ALL SELECT ping, 'a document id' FROM pings
    UNION ALL SELECT user_id, 'the id that Normandy draws samples by' FROM profiles
    UNION ALL SELECT 'c0ffeec0-ffee-c0ff-eec0-ffeec0ffeec0', 'the canary client id'
    UNION ALL SELECT 'decafdec-afde-cafd-ecaf-decafdecafde', 'the canary profile group id'
)
WHERE identity IS NOT NULL
GROUP BY identity
