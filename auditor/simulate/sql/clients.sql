-- One row is one client: what browser it has, when it is used, and when its person turns upload off.
--
-- Session numbers count from 0. `left_in` is the session in which upload is turned off, `back_in` the one
-- in which it is turned on again; `copied_in` the one after which somebody copies the profile.
WITH drawn AS (
    SELECT
        client,
        least(
            2 + CAST(floor(waited('sessions', client, 0) * getvariable('sessions')) AS BIGINT),
            getvariable('most_sessions')
        ) AS sessions,
        getvariable('first_day')
            + CAST(draw('first', client, 0) * getvariable('joining') AS BIGINT) AS began,
        CAST(
            getvariable('day') * (1 + draw('gap', client, 0) * getvariable('longest_gap')) AS BIGINT
        ) AS gap,
        CASE WHEN draw('skewed', client, 0) < getvariable('skewed')
            THEN CAST((draw('skew', client, 0) - 0.5) * getvariable('skew') AS BIGINT) ELSE 0
        END AS skew,
        draw('leaves', client, 0) < getvariable('leaves') AS leaves,
        draw('returns', client, 0) < getvariable('returns') AS returns,
        draw('browser', client, 0) AS browser
    FROM range(getvariable('clients_from'), getvariable('clients_to')) AS numbers(client)
),
leaving AS (
    SELECT *, CASE WHEN leaves AND sessions > 3
        THEN 1 + CAST(floor(draw('left', client, 0) * (sessions - 3)) AS BIGINT) END AS left_in
    FROM drawn
)
SELECT
    leaving.client, leaving.sessions, leaving.began, leaving.gap, leaving.skew, leaving.left_in,
    CASE WHEN leaving.returns THEN leaving.left_in + 2 END AS back_in,
    CASE WHEN leaving.left_in IS NULL AND draw('copied', leaving.client, 0) < getvariable('copied')
        THEN CAST(floor(draw('copy', leaving.client, 0) * leaving.sessions) AS BIGINT)
    END AS copied_in,
    browsers.version, browsers.channel, browsers.has_ids,
    browsers.samples > draw('sampled', leaving.client, 0) AS reports_uptake
FROM leaving
JOIN browsers ON leaving.browser >= browsers.above AND leaving.browser < browsers.upto
