-- One row is one record on disk, with the person that it is about, and the client id that its profile had:
-- of a profile that was given more than once, those of one snapshot.
SELECT
    coalesce(persons.person, records.profile) AS person, owners.client_id AS seen_under,
    records.number // 1000000000 AS store_number, {columns}
FROM recorded_records AS records
LEFT JOIN persons ON persons.mark = records.profile
LEFT JOIN (
    SELECT profile, number, any_value(client_id) AS client_id
    FROM recorded_profiles GROUP BY profile, number
) AS owners ON owners.profile = records.profile AND owners.number = records.number
WHERE records.number IN (SELECT number FROM profiles)
