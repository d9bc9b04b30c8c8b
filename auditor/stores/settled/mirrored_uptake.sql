-- Takes away the uptake reports of Glean of a person whose reports are recorded by Firefox's own telemetry
-- too, as events: the histograms are of versions without Glean.
DELETE FROM uptake WHERE process = 'glean' AND ping IN (
    SELECT pings.ping FROM pings WHERE pings.person IN (
        SELECT owners.person
        FROM uptake AS reports JOIN pings AS owners ON owners.ping = reports.ping
        WHERE reports.process <> 'glean' AND NOT ends_with(reports.process, ' histogram')
    )
)
