-- One row is one ping: of its copies in several stores the first, with what only another copy knows,
-- and the person that it is about. `moment` is when it was made, or else received.
--
-- `persons` knows the marks (a profile, a client id, a session) that stand for a person known by more
-- than one of them; whoever is not in it is told apart by client id, or else by session.
WITH doubled AS (
    SELECT
        ping, min(message) AS first, min(received) AS first_received, max(profile) AS any_profile
    FROM recorded_pings
    GROUP BY ping
    HAVING count(*) > 1
),
copies AS (
    SELECT
        recorded_pings.*,
        coalesce(doubled.first_received, received) AS first_received,
        coalesce(doubled.any_profile, profile) AS any_profile
    FROM recorded_pings LEFT JOIN doubled ON doubled.ping = recorded_pings.ping
    WHERE doubled.first IS NULL OR doubled.first = recorded_pings.message
)
SELECT
    copies.message, coalesce(try_cast(left(copies.message, 4) AS BIGINT), 0) AS store_number, copies.ping,
    coalesce(
        by_profile.person, by_client.person, by_session.person,
        'client ' || copies.client_id, 'session ' || copies.session_id, 'ping ' || copies.ping
    ) AS person,
    copies.source, copies.document_type, copies.client_id, copies.upload_off,
    copies.profile_group_id, copies.session_id, copies.created,
    copies.first_received AS received,
    coalesce(copies.created, copies.first_received) AS moment,
    copies.process_start, copies.first_offset, copies.last_offset,
    copies.version, copies.major, copies.channel
FROM copies
LEFT JOIN persons AS by_profile ON by_profile.mark = copies.any_profile
LEFT JOIN persons AS by_client ON by_client.mark = 'client ' || copies.client_id
LEFT JOIN persons AS by_session ON by_session.mark = 'session ' || copies.session_id
ORDER BY copies.message
