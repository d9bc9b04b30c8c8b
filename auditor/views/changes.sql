-- One row is one person's stay in one study or rollout.
--
-- Orders (see `events.sequence`) of what happened first: `lost` is a filler that follows an ID with no
-- opt-out that can lie between the two; `renamed` another ID than the one before it, within one stay;
-- `enrolled_again` an enrollment before the last one ended, or of a study that had ended;
-- `ended_again` an ending after an ending with no start between them; `unannounced` an event of a
-- change that no ping of an earlier time lists and that was never enrolled.
--
-- `is_loose` tells that events of two sessions overlap as far as the store tells their times, so that what
-- came first is not known: in stores that do not record when a ping was made.
--
-- An annotation counts for the filler alone: the browser keeps the annotations of a session as they
-- were when the session began, so an old ID there proves nothing.
--
-- reads: events
-- key: change_key
-- places: uses
WITH ordered AS (
    SELECT
        uses.*,
        uses.place = 'event' AND uses.enrollment_id IS NOT NULL AS named,
        uses.method = 'enroll' OR uses.restarts AS starts,
        max(CASE WHEN uses.place = 'event' AND uses.enrollment_id IS NOT NULL THEN uses.earliest END)
            OVER before AS last_named,
        NOT uses.exact AND uses.earliest < max(uses.latest) OVER before
            AND uses.session_id <> lag(uses.session_id) OVER in_order AS crosses,
        max(CASE WHEN uses.ends THEN uses.sequence END) OVER before AS last_end,
        max(CASE WHEN uses.method = 'enroll' THEN uses.sequence END) OVER before AS last_enroll,
        max(CASE WHEN uses.method = 'enroll' OR uses.restarts THEN uses.sequence END) OVER before
            AS last_start
    FROM uses
    WHERE uses.sequence IS NOT NULL AND uses.kind IS NOT NULL AND NOT uses.naming
        AND (uses.place = 'event' OR uses.exact)
    WINDOW in_order AS (
        PARTITION BY uses.change_key ORDER BY uses.sequence, uses.ping, uses.place, uses.position
    ),
    before AS (
        PARTITION BY uses.change_key ORDER BY uses.sequence, uses.ping, uses.place, uses.position
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),
named AS (
    SELECT
        change_key, sequence, method, enrollment_id,
        lag(enrollment_id) OVER in_order AS id_before,
        lag(ends) OVER in_order AS ended_before
    FROM ordered WHERE named
    WINDOW in_order AS (PARTITION BY change_key ORDER BY sequence, ping, position)
),
renamings AS (
    SELECT change_key, min(sequence) AS renamed
    FROM named
    WHERE enrollment_id <> id_before AND method <> 'enroll' AND NOT ended_before
    GROUP BY change_key
),
losses AS (
    SELECT ordered.change_key, min(ordered.sequence) AS lost
    FROM ordered
    WHERE ordered.filler AND ordered.last_named IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM switches
            WHERE switches.person = ordered.person AND switches.upload = 'off'
                AND (
                    switches.moment BETWEEN ordered.last_named AND ordered.latest
                    OR (switches.moment IS NULL AND ordered.last_enroll IS NULL)
                )
        )
    GROUP BY ordered.change_key
),
beginnings AS (
    SELECT person, min(created) AS first_ping
    FROM pings WHERE document_type IN ('main', 'event') AND NOT upload_off
    GROUP BY person
)
SELECT
    ordered.change_key,
    min(ordered.kind) AS change_kind,
    min(ordered.slug) AS change,
    count(*) FILTER (ordered.place = 'event') AS events,
    coalesce(bool_or(ordered.crosses), FALSE) AS is_loose,
    min(ordered.sequence) FILTER (ordered.named) AS named,
    count(*) FILTER (ordered.method = 'enroll') AS enrolls,
    count(*) FILTER (ordered.ends) AS endings,
    min(ordered.sequence) FILTER (ordered.place = 'event') AS first_event,
    min(ordered.earliest) FILTER (
        ordered.place = 'event' AND ordered.method NOT IN ('enrollFailed', 'unenrollFailed')
            OR ordered.named
    ) AS first_earliest,
    min(ordered.created) FILTER (ordered.place = 'annotation') AS first_listed,
    min(beginnings.first_ping) AS first_ping,
    bool_or(ordered.method = 'enroll' AND ordered.upload_off) AS enrolled_off,
    bool_or(ordered.method = 'enroll' AND ordered.upload_off AND ordered.enrollment_id IS NULL)
        AS enrolled_off_without_id,
    bool_or(ordered.major BETWEEN 70 AND 115) AS has_ids,
    min(losses.lost) AS lost,
    min(renamings.renamed) AS renamed,
    min(ordered.sequence) FILTER (
        ordered.method = 'enroll' AND ordered.last_enroll IS NOT NULL
        AND (
            ordered.last_end IS NULL OR ordered.last_end < ordered.last_enroll
            OR ordered.kind IN ('preference_study', 'addon_study')
        )
    ) AS enrolled_again,
    min(ordered.sequence) FILTER (
        ordered.ends AND ordered.last_end IS NOT NULL
        AND (ordered.last_start IS NULL OR ordered.last_start < ordered.last_end)
    ) AS ended_again,
    bool_or(EXISTS (
        SELECT 1 FROM switches
        WHERE switches.person = ordered.person AND switches.upload = 'off'
            AND (switches.moment IS NULL OR switches.moment <= ordered.latest)
    )) AS after_opt_out
FROM ordered
LEFT JOIN losses ON losses.change_key = ordered.change_key
LEFT JOIN renamings ON renamings.change_key = ordered.change_key
LEFT JOIN beginnings ON beginnings.person = ordered.person
GROUP BY ordered.change_key
