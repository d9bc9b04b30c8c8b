-- One row is one event of Normandy's, at its moment by the client's clock, in the order of these.
--
-- What a stay's events carry is the document's, and what Firefox 115 is known to add to it. A rollout of
-- preferences is never updated: the browser would lose its ID.
WITH midst AS (
    SELECT
        stays.*, sessions.session,
        CASE WHEN sessions.session = stays.enters THEN stays.entered_at + 1 + CAST(
            draw('midst', stays.client, stays.stay)
            * ((CASE WHEN stays.leaves = stays.enters THEN stays.left_at ELSE sessions.ended - 2000 END)
                - stays.entered_at - 2) AS BIGINT)
        ELSE sessions.start + CAST(
            sessions.lasted * (0.1 + 0.4 * draw('midst', stays.client, stays.stay)) AS BIGINT)
        END AS moment
    FROM stays
    JOIN sessions ON sessions.client = stays.client AND sessions.session
        = stays.enters + CAST(floor((coalesce(stays.leaves, stays.enters + 2) - stays.enters) / 2) AS BIGINT)
    WHERE draw('changes', stays.client, stays.stay) < getvariable('changes')
),
lived AS (
    SELECT client, stay, enters AS session, entered_at AS moment, 'enroll' AS method, kind AS object,
        value, CASE kind
            WHEN 'preference_study' THEN [pair('experimentType', 'exp'), pair('branch', branch)]
            WHEN 'nimbus_experiment' THEN [pair('experimentType', 'nimbus'), pair('branch', branch)]
            WHEN 'addon_study' THEN
                [pair('addonId', addon_id), pair('addonVersion', '1.0.0'), pair('branch', branch)]
            WHEN 'addon_rollout' THEN [pair('addonId', addon_id), pair('addonVersion', '1.0.0')]
            ELSE [] END AS extras
    FROM stays WHERE NOT is_old
    UNION ALL
    SELECT client, stay, enters, entered_at + 3, 'expPrefChanged', kind, value,
        [pair('preferenceName', preference), pair('reason', 'onEnroll')]
    FROM stays
    WHERE kind = 'preference_study' AND NOT is_old
        AND draw('overridden', client, stay) < getvariable('overridden')
    UNION ALL
    SELECT client, stay, session, moment, 'expPrefChanged', kind, value,
        [pair('preferenceName', preference),
            pair('reason', CASE WHEN draw('noticed', client, stay) < 0.8 THEN 'observer' ELSE 'sideload' END)]
    FROM midst WHERE kind = 'preference_study'
    UNION ALL
    SELECT client, stay, session, moment, 'update', kind, value,
        [pair('addonId', addon_id), pair('addonVersion', '1.0.1')]
            || CASE kind WHEN 'addon_study' THEN [pair('branch', branch)] ELSE [] END
    FROM midst WHERE kind IN ('addon_study', 'addon_rollout') AND draw('updated', client, stay) < 0.7
    UNION ALL
    SELECT client, stay, session, moment, 'updateFailed', kind, value,
        [pair('reason', 'download-failure'), pair('branch', branch), pair('detail', 'ERROR_NETWORK_FAILURE')]
    FROM midst WHERE kind = 'addon_study' AND draw('updated', client, stay) >= 0.7
    UNION ALL
    SELECT client, stay, session, moment, 'unenrollFailed', 'addon_rollback', value,
        [pair('reason', 'uninstall-failed')]
    FROM midst WHERE kind = 'addon_rollout' AND leaves IS NULL AND draw('updated', client, stay) >= 0.7
    UNION ALL
    SELECT
        client, stay, leaves, left_at,
        CASE WHEN kind = 'preference_rollout' AND draw('graduates', client, stay) < getvariable('graduates')
            THEN 'graduate' ELSE 'unenroll' END AS method,
        CASE WHEN kind = 'addon_rollout' THEN 'addon_rollback'
            WHEN kind = 'preference_rollout' AND draw('graduates', client, stay) >= getvariable('graduates')
            THEN 'preference_rollback' ELSE kind END,
        value,
        CASE
            WHEN kind = 'preference_study' THEN [
                pair('didResetValue', CASE WHEN draw('reset', client, stay) < 0.5 THEN 'true' ELSE 'false' END),
                pair('reason', ['recipe-not-seen', 'general-opt-out', 'individual-opt-out', 'filter-mismatch'][
                    1 + CAST(floor(draw('why', client, stay) * 4) AS BIGINT)]),
                pair('branch', branch)]
            WHEN kind = 'addon_study' THEN [
                pair('addonId', addon_id), pair('addonVersion', '1.0.1'),
                pair('reason', ['recipe-not-seen', 'uninstalled', 'individual-opt-out', 'branch-removed'][
                    1 + CAST(floor(draw('why', client, stay) * 4) AS BIGINT)]),
                pair('branch', branch)]
            WHEN kind = 'nimbus_experiment' THEN [
                pair('reason', ['recipe-not-seen', 'targeting-mismatch', 'individual-opt-out'][
                    1 + CAST(floor(draw('why', client, stay) * 3) AS BIGINT)]),
                pair('branch', branch)]
            WHEN kind = 'preference_rollout' AND draw('graduates', client, stay) < getvariable('graduates')
            THEN [pair('reason', 'all-prefs-match')]
            ELSE [pair('reason', 'rollback')] END
    FROM stays WHERE left_at IS NOT NULL
)
SELECT
    lived.client, lived.session, sessions.start, lived.moment, lived.method, lived.object,
    lived.value, lived.extras || CASE
        WHEN NOT stays.has_ids THEN []
        WHEN stays.is_old OR (stays.enters <= stays.left_in AND lived.session > stays.left_in)
        THEN [pair('enrollmentId', getvariable('filler'))]
        ELSE [pair('enrollmentId', stays.enrollment_id)] END AS extras
FROM lived
JOIN stays ON stays.client = lived.client AND stays.stay = lived.stay
JOIN sessions ON sessions.client = lived.client AND sessions.session = lived.session
UNION ALL
SELECT
    sessions.client, sessions.session, sessions.start,
    sessions.start + CAST(0.2 * sessions.lasted AS BIGINT), failures.method, failures.object,
    failures.value, failures.extras
FROM sessions JOIN failures
    ON failures.number = CAST(floor(draw('failure', sessions.client, sessions.session)
        / getvariable('fails') * (SELECT count(*) FROM failures)) AS BIGINT)
ORDER BY client, moment, method, value
