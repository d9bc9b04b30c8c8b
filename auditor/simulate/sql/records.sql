-- One row is one enrollment as the client stores it, in the profile as its last session left it.
SELECT
    'profile ' || stays.client AS profile, last.ended + 5000 AS snapshot, stays.client AS number,
    last.is_off AS upload_off,
    'profile ' || stays.client || ', ' || stores.store AS source, stores.store, stays.kind,
    stays.value AS slug,
    CASE WHEN stays.left_at IS NULL THEN 'active' ELSE stores.ended END AS state,
    stays.left_at IS NOT NULL AS ended,
    CASE WHEN stays.has_ids AND NOT is_filled THEN stays.enrollment_id END AS enrollment_id,
    stays.has_ids AND is_filled AS filler,
    CASE WHEN stays.kind = 'addon_study' THEN stays.entered_at END AS started,
    CAST(NULL AS BIGINT) AS seen
FROM (SELECT *, is_old OR coalesce(enters <= left_in, FALSE) AS is_filled FROM stays) AS stays
JOIN stores ON stores.kind = stays.kind
JOIN sessions AS last ON last.client = stays.client
JOIN clients ON clients.client = stays.client AND last.session = clients.sessions - 1
