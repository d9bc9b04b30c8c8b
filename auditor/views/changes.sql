-- One row is one person's stay in one study or rollout.
--
-- `lost` is the order of the first filler that follows an ID of the same change with no opt-out that
-- can lie between the two. An annotation counts for the filler alone: the browser keeps the
-- annotations of a session as they were when the session began, so an old ID there proves nothing.
--
-- reads: events
-- key: change_key
-- places: uses
WITH ordered AS (
    SELECT
        change_key, person, kind, slug, place, method, ends, enrollment_id, filler, sequence,
        latest,
        max(CASE WHEN place = 'event' AND enrollment_id IS NOT NULL THEN earliest END)
            OVER (PARTITION BY change_key ORDER BY sequence) AS last_named
    FROM uses
    WHERE sequence IS NOT NULL AND kind IS NOT NULL AND NOT naming
),
losses AS (
    SELECT ordered.change_key, min(ordered.sequence) AS lost
    FROM ordered
    WHERE ordered.filler AND ordered.last_named IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM switches
            WHERE switches.person = ordered.person AND switches.upload = 'off'
                AND switches.moment BETWEEN ordered.last_named AND ordered.latest
        )
    GROUP BY ordered.change_key
)
SELECT
    ordered.change_key,
    min(ordered.kind) AS change_kind,
    min(ordered.slug) AS change,
    count(*) FILTER (ordered.place = 'event') AS events,
    count(DISTINCT ordered.enrollment_id) FILTER (ordered.place = 'event') AS ids,
    min(ordered.sequence) FILTER (ordered.place = 'event' AND ordered.enrollment_id IS NOT NULL)
        AS named,
    max(ordered.sequence) FILTER (ordered.place = 'event') AS last_event,
    count(*) FILTER (ordered.method = 'enroll') AS enrolls,
    count(*) FILTER (ordered.ends) AS endings,
    min(losses.lost) AS lost
FROM ordered LEFT JOIN losses ON losses.change_key = ordered.change_key
GROUP BY ordered.change_key
