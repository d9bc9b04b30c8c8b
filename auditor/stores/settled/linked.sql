-- One row is one pair of marks that stand for one person: of profiles, and of sessions in which there is
-- more than one client id, or none.
WITH shared AS (
    SELECT session_id FROM recorded_pings WHERE session_id IS NOT NULL
    GROUP BY session_id
    HAVING count(DISTINCT client_id) > 1 OR bool_or(client_id IS NULL)
)
SELECT DISTINCT 'session ' || session_id AS mark, 'client ' || client_id AS other
FROM recorded_pings WHERE client_id IS NOT NULL AND session_id IN (SELECT session_id FROM shared)
UNION ALL
SELECT DISTINCT profile, 'client ' || client_id FROM recorded_pings
WHERE profile IS NOT NULL AND client_id IS NOT NULL
UNION ALL
SELECT DISTINCT profile, 'session ' || session_id FROM recorded_pings
WHERE profile IS NOT NULL AND session_id IS NOT NULL
UNION ALL
SELECT profile, 'client ' || client_id FROM recorded_profiles WHERE client_id IS NOT NULL
UNION ALL
SELECT profile, 'session ' || session_id FROM recorded_profiles WHERE session_id IS NOT NULL
UNION ALL
SELECT profile, 'user ' || user_id FROM recorded_profiles WHERE user_id IS NOT NULL
UNION ALL
SELECT profile, profile FROM recorded_profiles
