-- One row is one distinct shape of uptake report: what it is `about` (`runner`, `action`, `recipe` or
-- something `undocumented`), and the status that it gives.
--
-- `documented` and `known` tell whether the document and the browser's own contract list the status
-- for this kind of source.
--
-- reads: uptake
-- key: uptake_shape
-- places: uptake_places
SELECT
    uptakes.uptake_shape, uptakes.about, uptakes.status, uptakes.reports,
    uptake_readings.documented, uptake_readings.known
FROM uptakes JOIN uptake_readings ON uptake_readings.uptake_shape = uptakes.uptake_shape
