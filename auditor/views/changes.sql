-- One row is one person's stay in one study or rollout.
--
-- Orders (see `events.sequence`) of what happened first: `lost` is a filler that follows an ID within one
-- stay, with no opt-out that can lie between the two; `renamed` another ID than the one before it, within one stay;
-- `enrolled_again` an enrollment before the last one ended, or of a study that had ended;
-- `ended_again` an ending after an ending with no start between them; `enrolled` the enrollment, and
-- `used` an event of a change that is under way.
--
-- `is_loose` tells that events of two sessions overlap as far as the store tells their times, so that what
-- came first is not known: in stores that do not record when a ping was made.
--
-- `is_nameless` tells that it is known from pings without a client id: nothing ties a person's sessions
-- together then, and nothing tells when they turned upload off.
--
-- An ID in an annotation counts before the person's first opt-out only: the browser keeps the annotations
-- of a session as they were when it began, so that an old ID there proves nothing later.
--
-- reads: events
-- key: change_key
-- places: uses
WITH first_opt_outs AS (
    SELECT person, min(coalesce(moment, 0)) AS moment
    FROM switches WHERE upload = 'off'
    GROUP BY person
),
placed AS (
    SELECT
        uses.*,
        first_opt_outs.moment AS first_opt_out,
        uses.place = 'event' AND uses.enrollment_id IS NOT NULL AS named,
        uses.enrollment_id IS NOT NULL AND (
            uses.place = 'event' OR uses.latest < coalesce(first_opt_outs.moment, uses.latest + 1)
        ) AS tells_id,
        uses.place = 'event' AND uses.method <> 'enroll' AND (
            uses.enrollment_id IS NOT NULL OR uses.method NOT IN ('enrollFailed', 'unenrollFailed')
        ) AS is_use
    FROM uses LEFT JOIN first_opt_outs ON first_opt_outs.person = uses.person
),
ordered AS (
    SELECT
        uses.*,
        max(CASE WHEN uses.tells_id THEN coalesce(uses.earliest, uses.latest) END) OVER before
            AS last_named,
        max(CASE WHEN uses.tells_id THEN uses.sequence END) OVER before AS last_named_order,
        NOT uses.exact AND uses.earliest < max(uses.latest) OVER before
            AND uses.session_id IS DISTINCT FROM lag(uses.session_id) OVER in_order AS crosses,
        max(CASE WHEN uses.ends THEN uses.sequence END) OVER before AS last_end,
        max(CASE WHEN uses.method = 'enroll' THEN uses.sequence END) OVER before AS last_enroll,
        max(CASE WHEN uses.method = 'enroll' OR uses.restarts THEN uses.sequence END) OVER before
            AS last_start
    FROM placed AS uses
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
        AND (ordered.last_end IS NULL OR ordered.last_end < ordered.last_named_order)
        AND NOT EXISTS (
            SELECT 1 FROM switches
            WHERE switches.person = ordered.person AND switches.upload = 'off'
                AND coalesce(switches.moment, 0) <= ordered.latest
                AND switches.latest >= ordered.last_named
        )
    GROUP BY ordered.change_key
),
beginnings AS (
    SELECT person, min(created) AS first_ping
    FROM pings WHERE document_type IN ('main', 'event')
    GROUP BY person
)
SELECT
    ordered.change_key,
    any_value(ordered.kind) AS change_kind,
    any_value(ordered.slug) AS change,
    bool_or(ordered.crosses) AS is_loose,
    bool_or(ordered.place = 'event' AND ordered.client_id IS NULL AND NOT ordered.upload_off) AS is_nameless,
    bool_or(ordered.tells_id) AS has_id,
    count(*) FILTER (ordered.method = 'enroll') AS enrolls,
    count(*) FILTER (ordered.ends) AS endings,
    min(ordered.sequence) FILTER (ordered.method = 'enroll') AS enrolled,
    min(ordered.sequence) FILTER (ordered.is_use) AS used,
    min(ordered.earliest) FILTER (ordered.is_use OR ordered.method = 'enroll') AS first_earliest,
    min(ordered.created) FILTER (ordered.place = 'annotation') AS first_listed,
    any_value(beginnings.first_ping) AS first_ping,
    bool_or(ordered.method = 'enroll' AND ordered.upload_off) AS enrolled_off,
    bool_or(ordered.method = 'enroll' AND ordered.upload_off AND ordered.enrollment_id IS NULL)
        AS enrolled_off_without_id,
    bool_or(ordered.major BETWEEN 70 AND 115) AS has_ids,
    any_value(losses.lost) AS lost,
    any_value(renamings.renamed) AS renamed,
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
    coalesce(
        any_value(ordered.first_opt_out)
        <= min(ordered.latest) FILTER (ordered.is_use OR ordered.method = 'enroll'),
        FALSE
    ) AS after_opt_out
FROM ordered
LEFT JOIN losses ON losses.change_key = ordered.change_key
LEFT JOIN renamings ON renamings.change_key = ordered.change_key
LEFT JOIN beginnings ON beginnings.person = ordered.person
GROUP BY ordered.change_key
