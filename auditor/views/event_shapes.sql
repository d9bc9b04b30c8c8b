-- One row is one distinct shape of event: method, object, extra keys, coded values, version, channel,
-- and what it `carries` where an enrollment ID may stand (`id`, `filler`, `nothing`).
--
-- `documented` and `known` tell whether the document and the browser's own contract have the event;
-- `id_documented` and `id_sent` what they say of the ID: `required`, `optional`, `forbidden`, or NULL
-- for an event that they do not have. The lists of keys, joined by commas, are those not listed by
-- the document (`unknown`: nor by the browser's contract), those required by the document and missing (`never_sent`: which
-- the browser's contract does not require), and those whose coded value is not listed.
--
-- reads: events
-- key: shape
-- places: shaped_events
SELECT
    shapes.shape, shapes.method, shapes.object, shapes.keys, shapes.reason, shapes.original_reason,
    shapes.experiment_type, shapes.previous_state, shapes.did_reset_value, shapes.carries,
    shapes.major, shapes.channel, shapes.events, shapes.longest_value, shapes.longest_extra,
    array_length(shapes.keys) AS key_count,
    list_contains(shapes.keys, 'caller') AS names_caller,
    strlen(shapes.method) AS method_bytes,
    strlen(shapes.object) AS object_bytes,
    coalesce(list_max(list_transform(shapes.keys, lambda key: strlen(key))), 0) AS longest_key,
    shape_readings.has_ids, shape_readings.documented, shape_readings.known,
    shape_readings.id_documented, shape_readings.id_sent,
    shape_readings.extras_undocumented, shape_readings.extras_unknown,
    shape_readings.extras_missing, shape_readings.extras_never_sent,
    shape_readings.codes_undocumented, shape_readings.codes_unknown
FROM shapes JOIN shape_readings ON shape_readings.shape = shapes.shape
