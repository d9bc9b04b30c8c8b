-- One row is one distinct shape of uptake report, counted: what `uptake_shapes` holds against the
-- contracts.
--
-- reads: uptake
-- key: uptake_shape
-- places: uptake_places
SELECT
    uptake_shape, any_value(about) AS about, any_value(status) AS status,
    any_value(major) AS major, count(*) AS reports
FROM uptake_places
GROUP BY uptake_shape
