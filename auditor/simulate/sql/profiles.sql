-- One row is one client's profile, as its last session left it.
SELECT
    'profile ' || sessions.client AS profile, sessions.ended + 5000 AS snapshot,
    sessions.client AS number,
    CASE WHEN NOT is_off THEN uuid_of('client', sessions.client, turn) END AS client_id,
    uuid_of('user', sessions.client, 0) AS user_id,
    uuid_of('session own', sessions.client, session) AS session_id, is_off AS upload_off,
    'canary client id' AS shown_by, 'profile ' || sessions.client || ', state.json' AS source
FROM sessions JOIN clients ON clients.client = sessions.client AND session = clients.sessions - 1
