-- One row is one place in which an enrollment ID, or the filler in its stead, stands.
--
-- `moment` is the latest time, in milliseconds since 1970, at which the ID can have come to stand there:
-- an event's own latest time or its ping's creation. A record on disk tells when an add-on study
-- started, or that it was there when the profile was seen with upload on, under the client id of
-- `seen_under`. `naming` marks a failed enrollment that names the change it conflicts with, `restarts`
-- an update that takes a rollout up again after it had ended.
--
-- reads: events annotations records
-- sharded: person
SELECT
    events.ping, pings.store_number, pings.source, events.process, events.position, events.sequence,
    events.earliest, events.latest, pings.person, pings.client_id, pings.upload_off,
    pings.moment AS created, pings.received, pings.major, pings.document_type, pings.session_id,
    events.exact, events.kind, events.slug,
    events.enrollment_id, events.filler, events.method, events.reason, events.conflicting_slug,
    'event' AS place,
    events.method || ' ' || events.object AS event,
    coalesce(least(events.latest, pings.moment), events.latest, pings.moment) AS moment,
    NULL AS seen_under,
    events.method IN ('unenroll', 'graduate') AS ends,
    events.method = 'update' AND events.previous_state IN ('graduated', 'rolled-back') AS restarts,
    events.method = 'enrollFailed' AND events.conflicting_slug IS NOT NULL AS naming,
    concat(pings.person, chr(31), events.kind, chr(31), coalesce(events.slug, '')) AS change_key
FROM events JOIN pings ON pings.ping = events.ping
UNION ALL
SELECT
    annotations.ping, pings.store_number, pings.source, NULL, NULL, annotations.sequence,
    NULL, pings.moment, pings.person, pings.client_id, pings.upload_off,
    pings.moment, pings.received, pings.major, pings.document_type, pings.session_id,
    annotations.exact, annotations.kind, annotations.slug,
    annotations.enrollment_id, annotations.filler, NULL, NULL, NULL,
    'annotation',
    'environment.experiments',
    pings.moment,
    NULL,
    FALSE,
    FALSE,
    FALSE,
    concat(pings.person, chr(31), annotations.kind, chr(31), annotations.slug)
FROM annotations JOIN pings ON pings.ping = annotations.ping
UNION ALL
SELECT
    NULL, records.store_number, records.source, NULL, NULL, NULL,
    NULL, NULL, records.person, NULL, records.upload_off,
    records.snapshot, NULL, NULL, NULL, NULL, NULL, records.kind, records.slug,
    records.enrollment_id, records.filler, NULL, NULL, NULL,
    'record',
    'record ' || records.kind,
    coalesce(records.started, CASE WHEN NOT records.upload_off THEN records.snapshot END),
    CASE WHEN records.started IS NULL THEN coalesce(records.seen_under, '') END,
    FALSE,
    FALSE,
    FALSE,
    concat(records.person, chr(31), records.kind, chr(31), records.slug)
FROM records
