-- One row is one client's stay in one study or rollout: from a session and an offset in it to another.
--
-- `is_old` marks a record from before enrollment IDs, which carries the filler all its life. Nobody whose
-- upload is turned off is in an experiment of Nimbus, whose own store keeps the ID.
WITH drawn AS (
    SELECT
        clients.*, stay,
        CASE WHEN clients.left_in IS NULL OR draw('kind', clients.client, stay) < 0.7
            THEN draw('kind', clients.client, stay) ELSE 0.1 END AS kind_drawn,
        CAST((floor(draw('change', clients.client, 0) * 64) + 13 * stay) % 64 AS BIGINT) AS number,
        CAST(floor(draw('enters', clients.client, stay) * clients.sessions) AS BIGINT) AS enters,
        draw('old', clients.client, stay) < getvariable('old') AS is_old
    FROM clients CROSS JOIN range(getvariable('most_stays')) AS numbers(stay)
    WHERE stay < floor(draw('stays', clients.client, 0) * (getvariable('most_stays') + 1))
),
ending AS (
    SELECT
        *,
        CASE WHEN draw('ends', client, stay) < getvariable('ends') THEN
            enters + CAST(floor(waited('stay', client, stay) * getvariable('stay')) AS BIGINT)
        END AS leaves
    FROM drawn
)
SELECT
    ending.client, ending.stay, ending.enters, ending.leaves, ending.is_old,
    ending.has_ids, ending.left_in, changes.kind, changes.slug, changes.value, changes.type,
    changes.addon_id, changes.preference,
    CASE WHEN changes.kind IN ('preference_rollout', 'addon_rollout') THEN 'active'
        WHEN draw('branch', ending.client, ending.stay) < 0.5 THEN 'control' ELSE 'treatment'
    END AS branch,
    uuid_of('enrollment', ending.client, ending.stay) AS enrollment_id,
    entered.start + CAST(
        entered.lasted * (0.1 + 0.4 * draw('entered', ending.client, ending.stay)) AS BIGINT
    ) AS entered_at,
    left_at.start + CAST(
        left_at.lasted * (0.55 + 0.35 * draw('left at', ending.client, ending.stay)) AS BIGINT
    ) AS left_at
FROM ending
JOIN changes
    ON changes.number = ending.number
    AND ending.kind_drawn >= changes.above AND ending.kind_drawn < changes.upto
JOIN sessions AS entered
    ON entered.client = ending.client AND entered.session = ending.enters AND NOT entered.is_off
LEFT JOIN sessions AS left_at
    ON left_at.client = ending.client AND left_at.session = ending.leaves
