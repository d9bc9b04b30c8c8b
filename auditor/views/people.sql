-- One row is one person of the stores, and whom one shard has to judge together: `kin` names the first of
-- those who have an enrollment ID in common, however many lie between.
--
-- reads: pings
-- key: person
SELECT everybody.person, coalesce(kin.first, everybody.person) AS kin
FROM (
    SELECT person FROM pings
    UNION SELECT person FROM profiles
    UNION SELECT person FROM records
    UNION SELECT person FROM switches
) AS everybody
LEFT JOIN kin ON kin.person = everybody.person
