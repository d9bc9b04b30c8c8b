-- One row is one keyed scalar in one ping: how many keys, the longest of them in characters, and how
-- many of its values are not seconds since 1970 (between 2017, when Normandy began, and 2100).
--
-- reads: scalars
-- key: scalar_key
-- places: scalar_places
SELECT scalar_key, name, keys AS key_count, longest_key AS longest, values_no_time AS no_times
FROM scalar_places
