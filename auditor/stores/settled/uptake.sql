-- One row is one uptake report of a ping. Those of Glean are left out for a person whose reports are
-- recorded by Firefox's own telemetry too.
WITH own AS (
    SELECT DISTINCT pings.person
    FROM recorded_uptake AS uptake JOIN pings ON pings.message = uptake.message
    WHERE uptake.process <> 'glean'
)
SELECT pings.ping, {columns}
FROM recorded_uptake AS uptake JOIN pings ON pings.message = uptake.message
WHERE uptake.process <> 'glean' OR pings.person NOT IN (SELECT person FROM own)
