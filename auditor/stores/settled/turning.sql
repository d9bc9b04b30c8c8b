-- One row is one ping of a person who may have turned upload off or on: who asked for deletion, has pings
-- without a client id of their own, has had two client ids, or whose profile is in the stores.
--
-- Versions 63 to 71 sent an `optout` ping in place of a deletion request: without client id, session and
-- environment (toolkit/components/telemetry/docs/obsolete/optout-ping.rst). Outside a profile it is
-- nobody's, and tells of no person that upload was turned off, nor that it was on.
WITH turners AS (
    SELECT person FROM pings
    GROUP BY person
    HAVING count(DISTINCT client_id) > 1 OR bool_or(upload_off)
        OR bool_or(document_type = 'deletion-request')
    UNION
    SELECT person FROM profiles
)
SELECT person, store_number, ping, source, document_type, client_id, upload_off, moment, received
FROM pings
WHERE moment IS NOT NULL AND document_type NOT LIKE 'glean:%'
    AND person IN (SELECT person FROM turners)
    AND NOT (document_type = 'optout' AND person = 'ping ' || ping)
ORDER BY person, moment, ping
