-- One row is one distinct free text in one place: the value of one event (`value`), or the extra of
-- the key that `stood_in` names.
--
-- `is_code` tells whether a contract lists it as a code for this place. `is_position` tells whether it
-- is a file of the application, line, perhaps column, and the name of an error, or was cut short in
-- being that. `is_cut_inside` tells whether it ends, at its limit, in half a character. What it
-- `holds` is judged by its look.
-- `value_found` tells how a known preference value stands in it, and is NULL when none does. Names
-- that the recipes and studies give themselves (slugs, branches, preferences) are not searched.
-- `known_values` is how many preference values there are that could prove anything.
--
-- reads: events
-- key: text_key
-- places: text_places
WITH distinct_texts AS (
    SELECT
        text_key, any_value(method) AS method, any_value(object) AS object,
        any_value(standing) AS stood_in, any_value(text) AS text, count(*) AS times
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
    distinct_texts.method,
    distinct_texts.object,
    distinct_texts.stood_in,
    distinct_texts.text,
    length(distinct_texts.text) AS characters,
    strlen(distinct_texts.text) AS bytes,
    distinct_texts.times,
    known_codes.code IS NOT NULL AS is_code,
    regexp_matches(
        distinct_texts.text,
        '^(resource|chrome|moz-src|moz-extension)://[^ ]*:([0-9]+|undefined)(:([0-9]+|undefined))? [A-Za-z0-9_]*$'
    ) OR (
        strlen(distinct_texts.text) >= 77
        AND regexp_matches(distinct_texts.text, '^(resource|chrome|moz-src|moz-extension)://[^ ]*$')
    ) OR regexp_matches(
        distinct_texts.text, '^undefined:([0-9]+|undefined)(:([0-9]+|undefined))? [A-Za-z0-9_]*$'
    ) AS is_position,
    NOT regexp_matches(
        distinct_texts.text, '[= \t\n\f\r"''<>\\]|://|^/|^[A-Za-z]:/|^[{]|^\[|[{].*:.*[}]'
    ) AS is_preference_name,
    strlen(distinct_texts.text) >= 77 AND ends_with(distinct_texts.text, chr(65533)) AS is_cut_inside,
    regexp_matches(
        distinct_texts.text,
        '(^|[^A-Za-z])[A-Za-z]:[/\\]|[/\\](home|Users|root|Profiles)[/\\]|file:|~/'
    ) AS holds_path,
    regexp_matches(
        distinct_texts.text,
        '[^ @]@[^ @]+[.][A-Za-z]{2}|(^|[^0-9.])[0-9]{1,3}([.][0-9]{1,3}){3}($|[^0-9.])|([0-9a-fA-F]{1,4}:){4}'
    ) AS holds_address,
    regexp_matches(distinct_texts.text, '(https?|wss?|ftp|data|blob|about):') AS holds_url,
    regexp_matches(distinct_texts.text, '[^ ]+ [^ ]+ [^ ]|[A-Za-z]: ') AS holds_message,
    found.how AS value_found,
    settings.known_values
FROM distinct_texts
LEFT JOIN known_codes
    ON known_codes.method = distinct_texts.method AND known_codes.object = distinct_texts.object
    AND known_codes.stood_in = distinct_texts.stood_in AND known_codes.code = distinct_texts.text
LEFT JOIN found ON found.text_key = distinct_texts.text_key
CROSS JOIN settings
