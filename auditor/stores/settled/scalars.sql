-- One row is one key of a keyed scalar of a ping.
SELECT pings.ping, {columns}
FROM recorded_scalars AS scalars JOIN pings ON pings.message = scalars.message
