-- One row is one enrollment ID, wherever it appears.
--
-- `is_loose` tells that the order of its events is not recorded: no session is, or several are and the
-- creation of their pings is not. `ended` and `used` are orders (see `events.sequence`): its first
-- ending, and its last use in an event. Not a use: a failed unenrollment that reports
-- `already-unenrolled`, which is documented to name the ID.
--
-- `is_reversed` tells that it was not enrolled before its first ending, but in another session of the same
-- client later: as a clock that is set back makes it seem.
--
-- `opted_out` is the first time after its first appearance at which its person turned upload off, and
-- `opt_out_shown_by` what shows it. Since then: `anew` counts places recorded under another client id,
-- `late` places received more than the grace period after a deletion request, `while_off` places in
-- pings made while upload was off; `is_watched` and `is_watched_off` tell whether any ping of the person
-- that was received or made with upload on, or one made while upload was off, is in the stores at all. `is_watched_on` tells the same of pings made
-- with upload on since the ID was first seen.
--
-- `equals` names the other identifier that the ID is equal to, if any.
--
-- reads: events
-- key: enrollment_id
-- places: uses
WITH first_uses AS (
    SELECT enrollment_id, person, seen_under, min(moment) AS moment
    FROM uses WHERE enrollment_id IS NOT NULL
    GROUP BY enrollment_id, person, seen_under
),
watched AS (
    SELECT
        person,
        max(CASE WHEN received IS NOT NULL OR client_id IS NOT NULL
            THEN greatest(moment, coalesce(received, moment)) END) AS until,
        max(CASE WHEN upload_off THEN moment END) AS off_until,
        max(CASE WHEN client_id IS NOT NULL THEN moment END) AS on_until
    FROM pings
    -- The request tells of the opt-out itself; one that was made while upload is off comes after it.
    WHERE document_type <> 'optout'
        AND (upload_off OR document_type NOT IN ('deletion-request', 'glean:deletion-request'))
    GROUP BY person
),
departures AS (
    SELECT
        first_uses.enrollment_id, first_uses.person, min(first_uses.moment) AS first_used,
        min(switches.moment) AS opted_out,
        min(coalesce(switches.received, switches.moment)) FILTER (
            switches.shown_by = 'deletion request'
        ) AS requested,
        min_by(switches.client_id, (switches.moment, switches.ping)) AS opt_out_client,
        min_by(switches.shown_by, (switches.moment, switches.ping)) AS opt_out_shown_by,
        any_value(watched.until) AS until,
        any_value(watched.off_until) AS off_until,
        any_value(watched.on_until) AS on_until
    FROM first_uses
    LEFT JOIN watched ON watched.person = first_uses.person
    LEFT JOIN switches
        ON switches.person = first_uses.person
        AND switches.upload = 'off'
        AND switches.moment > first_uses.moment
        -- A snapshot's time may be too early: it tells only of the opt-out that ended its client id.
        AND (first_uses.seen_under IS NULL OR first_uses.seen_under = switches.client_id)
    GROUP BY first_uses.enrollment_id, first_uses.person
)
SELECT
    uses.enrollment_id,
    min(uses.kind) FILTER (NOT uses.naming) AS change_kind,
    min(uses.slug) FILTER (NOT uses.naming) AS change,
    regexp_matches(
        uses.enrollment_id, '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
    ) AS is_uuid,
    length(uses.enrollment_id) AS characters,
    min(departures.first_used) AS first_used,
    max(uses.latest) FILTER (uses.method = 'enroll') AS enrolled,
    min_by(uses.upload_off, (uses.created, uses.ping)) FILTER (uses.place <> 'record') AS first_seen_off,
    min(uses.created) FILTER (uses.place <> 'record') AS first_seen,
    bool_or(uses.method = 'enroll' AND uses.upload_off) AS enrolled_off,
    max(uses.created) FILTER (uses.client_id IS NOT NULL) AS last_seen_on,
    min(identities.what) AS equals,
    (SELECT count(DISTINCT client_id) FROM pings) AS clients_in_stores,
    (SELECT count(*) FROM pings WHERE document_type = 'glean:deletion-request')
        AS glean_requests,
    count(*) FILTER (uses.document_type IN ('deletion-request', 'glean:deletion-request'))
        AS in_requests,
    count(*) FILTER (uses.place = 'event') AS events,
    count(*) FILTER (uses.place = 'event' AND uses.sequence IS NULL) > 0 OR (
        count(DISTINCT uses.session_id) FILTER (uses.place = 'event') > 1
        AND coalesce(bool_or(NOT uses.exact) FILTER (uses.place = 'event'), FALSE)
    ) AS is_loose,
    bool_or(uses.ends) AS has_ended,
    coalesce(
        min(uses.sequence) FILTER (uses.method = 'enroll') > min(uses.sequence) FILTER (uses.ends)
        AND min_by(uses.session_id, uses.sequence) FILTER (uses.method = 'enroll')
            <> min_by(uses.session_id, uses.sequence) FILTER (uses.ends)
        AND min_by(coalesce(uses.client_id, ''), uses.sequence) FILTER (uses.method = 'enroll')
            = min_by(coalesce(uses.client_id, ''), uses.sequence) FILTER (uses.ends),
        FALSE
    ) AS is_reversed,
    min(uses.sequence) FILTER (uses.ends) AS ended,
    min(uses.earliest) FILTER (uses.ends) AS ended_earliest,
    min(uses.latest) FILTER (uses.ends) AS ended_latest,
    max(uses.sequence) FILTER (
        uses.place = 'event' AND NOT (uses.method = 'unenrollFailed' AND coalesce(uses.reason, '')
            IN ('already-unenrolled', 'graduated', 'in-graduation-set'))
    ) AS used,
    max(uses.earliest) FILTER (uses.method <> 'unenrollFailed')
        AS used_earliest,
    max(uses.latest) FILTER (
        uses.method <> 'unenrollFailed' AND NOT uses.ends
    ) AS used_latest,
    max(uses.sequence) FILTER (
        uses.method = 'unenrollFailed' AND uses.reason IN ('graduated', 'in-graduation-set')
    ) AS refused,
    count(DISTINCT uses.client_id) AS clients,
    min_by(uses.client_id, (uses.created, uses.client_id)) AS first_client,
    count(DISTINCT uses.slug) FILTER (NOT uses.naming) AS slugs,
    count(DISTINCT uses.kind) FILTER (NOT uses.naming) AS kinds,
    count(DISTINCT uses.slug) AS slugs_named,
    min(uses.conflicting_slug) FILTER (uses.naming) AS conflicting,
    max(uses.conflicting_slug) FILTER (uses.naming) AS conflicting_last,
    min(departures.opted_out) AS opted_out,
    min_by(departures.opt_out_shown_by, (departures.opted_out, departures.opt_out_client))
        AS opt_out_shown_by,
    coalesce(bool_or(departures.until > departures.opted_out), FALSE) AS is_watched,
    coalesce(bool_or(departures.off_until > departures.opted_out + settings.settle), FALSE)
        AS is_watched_off,
    coalesce(bool_or(departures.on_until > departures.first_used), FALSE) AS is_watched_on,
    min_by(departures.opt_out_client, (departures.opted_out, departures.opt_out_client)) AS opt_out_client,
    min(departures.opted_out) + any_value(settings.settle) AS off_from,
    min(departures.requested) + any_value(settings.grace) AS late_from,
    count(*) FILTER (
        uses.created > departures.opted_out AND uses.client_id <> departures.opt_out_client
    ) AS anew,
    count(*) FILTER (uses.received > departures.requested + settings.grace) AS late,
    count(*) FILTER (
        uses.place <> 'record' AND uses.upload_off
        AND uses.created > departures.opted_out + settings.settle
    ) AS while_off
FROM uses
LEFT JOIN identities ON identities.identity = trim(lower(uses.enrollment_id), '{}')
JOIN departures ON departures.enrollment_id = uses.enrollment_id AND departures.person = uses.person
CROSS JOIN settings
GROUP BY uses.enrollment_id
