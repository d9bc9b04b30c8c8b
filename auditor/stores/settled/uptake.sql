-- One row is one uptake report of a ping.
SELECT pings.ping, {columns}
FROM recorded_uptake AS uptake JOIN pings ON pings.message = uptake.message
