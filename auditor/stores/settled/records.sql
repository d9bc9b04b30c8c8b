-- One row is one record on disk, with the person that it is about.
SELECT coalesce(persons.person, records.profile) AS person, {columns}
FROM recorded_records AS records LEFT JOIN persons ON persons.mark = records.profile
