-- One row is one profile as it was left, with the person that it is about.
SELECT coalesce(persons.person, profiles.profile) AS person, {columns}
FROM recorded_profiles AS profiles LEFT JOIN persons ON persons.mark = profiles.profile
ORDER BY ALL
