-- One row is one distinct free text in one place: an event's value (`value`), or the extra of the
-- key that `stood_in` names.
--
-- `value_found` tells how a known preference value stands in it, and is NULL when none does. Names
-- that the recipes and studies give themselves (slugs, branches, preferences) are not searched.
-- `known_values` is how many preference values there are that could prove anything.
--
-- reads: events
-- key: text_key
-- places: text_places
WITH distinct_texts AS (
    SELECT text_key, any_value(standing) AS stood_in, any_value(text) AS text, count(*) AS times
    FROM text_places
    GROUP BY text_key
),
found AS (
    SELECT distinct_texts.text_key, min(value_forms.how) AS how
    FROM distinct_texts
    JOIN value_forms ON CASE value_forms.place
        WHEN 'whole' THEN distinct_texts.text = value_forms.form
        WHEN 'end' THEN strlen(distinct_texts.text) >= 77
            AND ends_with(distinct_texts.text, value_forms.form)
        ELSE contains(lower(distinct_texts.text), lower(value_forms.form)) END
    WHERE distinct_texts.text NOT IN (SELECT name FROM known_names)
    GROUP BY distinct_texts.text_key
)
SELECT
    distinct_texts.text_key,
    distinct_texts.stood_in,
    distinct_texts.text,
    length(distinct_texts.text) AS characters,
    strlen(distinct_texts.text) AS bytes,
    distinct_texts.times,
    found.how AS value_found,
    settings.known_values
FROM distinct_texts
LEFT JOIN found ON found.text_key = distinct_texts.text_key
CROSS JOIN settings
