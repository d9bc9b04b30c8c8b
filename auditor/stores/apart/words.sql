-- The words in which events are taken apart, whatever store they come from.
CREATE TYPE pair AS STRUCT(key VARCHAR, value VARCHAR);

-- The kind of change that an event's object stands for: a rollback is about its rollout.
CREATE TEMP MACRO kind_of(object) AS CASE object
    WHEN 'preference_rollback' THEN 'preference_rollout'
    WHEN 'addon_rollback' THEN 'addon_rollout'
    ELSE object
END;

-- An extra by its name, of the list of keys and the list of values.
CREATE TEMP MACRO extra(named, told, name) AS told[list_position(named, name)];

-- The first 80 bytes, at a whole character: one of at most four is cut through.
CREATE TEMP MACRO cut(text, bytes) AS try(decode(encode(text)[1:bytes]));

CREATE TEMP MACRO slug_of(text) AS CASE WHEN strlen(text) <= getvariable('slug_bytes') THEN text
ELSE coalesce(
    cut(text, getvariable('slug_bytes')), cut(text, getvariable('slug_bytes') - 1),
    cut(text, getvariable('slug_bytes') - 2), cut(text, getvariable('slug_bytes') - 3)
) END;
