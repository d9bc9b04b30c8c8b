-- One row is one switch to off: the place that shows an opt-out.
--
-- reads: switches
-- sharded: person
SELECT
    ping, store_number, source, NULL AS process, NULL AS position, NULL AS sequence,
    moment, 'switch' AS place,
    'upload turned off' AS event,
    person, client_id, shown_by,
    concat(person, chr(31), moment, chr(31), source) AS opt_out_key
FROM switches WHERE upload = 'off'
