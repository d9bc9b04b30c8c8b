-- One row is one distinct shape of event: method, object, extra keys, coded values, version, channel,
-- and what it `carries` where an enrollment ID may stand (`id`, `filler`, `nothing`).
--
-- `id_documented` and `id_sent` are what the document and the browser's own contract say of the ID:
-- `required`, `optional`, `forbidden`, or NULL where the contract does not know the event.
--
-- reads: events
-- key: shape
-- places: shaped_events
SELECT
    shapes.shape, shapes.method, shapes.object, shapes.keys, shapes.reason,
    shapes.experiment_type, shapes.previous_state, shapes.did_reset_value, shapes.carries,
    shapes.major, shapes.channel, shapes.events, shapes.longest_value, shapes.longest_extra,
    shape_readings.has_ids, shape_readings.id_documented, shape_readings.id_sent
FROM shapes JOIN shape_readings ON shape_readings.shape = shapes.shape
