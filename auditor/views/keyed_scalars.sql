-- One row is one keyed scalar, as one version of the browser reports it: in how many pings, the most keys
-- in one of them, the longest key in characters, and how many of its values are not seconds since 1970
-- (between 2017, when Normandy began, and 2100).
--
-- reads: scalars
-- key: scalar_key
-- places: scalar_places
SELECT
    scalar_key,
    any_value(name) AS name,
    count(*) AS pings,
    max(keys) AS key_count,
    max(longest_key) AS longest,
    sum(reported) AS reports,
    sum(values_no_time) AS no_times
FROM scalar_places
GROUP BY scalar_key
