-- One row is one copy of a ping. A flattened export tells of a ping only what its events do.
WITH bounds AS (
    SELECT
        message, min(offset_ms) FILTER (process = 'parent') AS first_offset,
        max(offset_ms) AS last_offset
    FROM exploded SEMI JOIN (FROM documents WHERE is_hiding) AS hiding USING (message)
    GROUP BY message
),
copies AS (
    SELECT
        documents.message, document, file, document_type, client, profile_group, session, created,
        received, process_start, least(documents.first_offset, bounds.first_offset) AS first_offset,
        greatest(documents.last_offset, bounds.last_offset) AS last_offset, version, channel
    FROM documents LEFT JOIN bounds ON bounds.message = documents.message
    UNION ALL
    SELECT
        flat_message(document, copy), document, min(file), min(document_type), min(client),
        min(profile_group), min(session), NULL, min(received), min(process_start),
        min(first_offset), max(last_offset), min(version), min(channel)
    FROM flat_documents GROUP BY document, copy
)
SELECT
    copies.message, CAST(copies.document AS VARCHAR) AS ping, CAST(NULL AS VARCHAR) AS profile,
    files.name AS source, copies.document_type,
    nullif(copies.client, getvariable('canary')) AS client_id,
    coalesce(copies.client = getvariable('canary'), FALSE) AS upload_off,
    copies.profile_group AS profile_group_id, copies.session AS session_id,
    copies.created, copies.received, copies.process_start, copies.first_offset, copies.last_offset,
    copies.version, major_of(copies.version) AS major, copies.channel
FROM copies JOIN files ON files.file = copies.file
ORDER BY copies.message
