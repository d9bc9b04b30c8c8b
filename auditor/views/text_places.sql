-- One row is one free text in one event: its value, or an extra.
--
-- reads: events
-- sharded: text_key
WITH standing_texts AS (
    SELECT ping, process, position, sequence, latest, method, object, 'value' AS standing,
        value AS text
    FROM events WHERE value IS NOT NULL
    UNION ALL
    SELECT ping, process, position, sequence, latest, method, object, extra.key, extra.value
    FROM (
        SELECT ping, process, position, sequence, latest, method, object, unnest(extras) AS extra
        FROM events
    )
    WHERE extra.key NOT IN ('enrollmentId', 'didResetValue')
)
SELECT
    standing_texts.ping, pings.person, pings.store_number, pings.source,
    standing_texts.process, standing_texts.position, standing_texts.sequence,
    standing_texts.latest AS moment, 'event' AS place, standing_texts.standing, standing_texts.text,
    standing_texts.method || ' ' || standing_texts.object AS event,
    standing_texts.method, standing_texts.object,
    concat_ws(
        chr(31), standing_texts.method, standing_texts.object, standing_texts.standing,
        standing_texts.text
    ) AS text_key
FROM standing_texts JOIN pings ON pings.ping = standing_texts.ping
