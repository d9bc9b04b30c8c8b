-- One row is one run of a client's browser. `began` and `ended` are by the client's own clock, in
-- milliseconds; the start that pings give is rounded to the minute. `turn` counts the client ids that
-- the profile has had; `is_off` tells that upload is off throughout.
--
-- Upload is turned off at the end of a session and on again at the start of one: in between, the browser
-- is started anew, so that no annotation of the old session is left.
WITH drawn AS (
    SELECT
        clients.*, session,
        clients.began + clients.skew + session * clients.gap
            + CAST(draw('start', clients.client, session) * 0.3 * clients.gap AS BIGINT) AS start,
        least(
            getvariable('shortest_session') + CAST(
                waited('session', clients.client, session) * getvariable('session') AS BIGINT
            ),
            CAST(0.6 * clients.gap AS BIGINT)
        ) AS lasted
    FROM clients CROSS JOIN range(getvariable('most_sessions')) AS numbers(session)
    WHERE session < clients.sessions
)
SELECT
    client, session, skew, version, channel, has_ids, reports_uptake, left_in, back_in, copied_in,
    start, lasted, start + lasted AS ended,
    CAST(round(start / 60000) * 60000 AS BIGINT) AS process_start,
    CAST(coalesce(session >= back_in, FALSE) AS BIGINT) AS turn,
    coalesce(session > left_in AND session < coalesce(back_in, sessions), FALSE) AS is_off
FROM drawn
