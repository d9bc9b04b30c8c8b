-- One row is what the rows of one copy of a document tell of it.
--
-- The start of the session is that of the process for event pings only: for main pings the warehouse has
-- it to the hour. Until version 62 events were in main pings.
WITH told AS (
    SELECT
        document, coalesce(received, submitted, 0) AS copy, min(number) AS first,
        min(coalesce(
            doc_type, CASE WHEN major_of(app_version) < 62 THEN 'main' ELSE 'event' END
        )) AS document_type,
        plain(min(client_id)) AS client, min(profile_group_id) AS profile_group,
        min(session_id) AS session, min(received) AS received, min(session_start) AS session_start,
        min(app_version) AS version, min(channel) AS channel,
        min(offset_of(offset_ms)) FILTER (process = 'parent') AS first_offset,
        max(offset_of(offset_ms)) AS last_offset
    FROM raw
    WHERE document IS NOT NULL
    GROUP BY ALL
)
SELECT
    getvariable('file'), first, document, copy, document_type, client, profile_group, session, received,
    CASE WHEN document_type = 'event' THEN session_start END, version, channel,
    first_offset, last_offset
FROM told
