-- One row is one pair of people who have an enrollment ID in common: each who has it, with the first.
--
-- reads: events annotations records
WITH holders AS (
    SELECT DISTINCT enrollment_id, person FROM enrollment_ids
),
firsts AS (
    SELECT enrollment_id, min(person) AS person
    FROM holders
    GROUP BY enrollment_id
    HAVING count(*) > 1
)
SELECT DISTINCT firsts.person, holders.person AS other
FROM holders JOIN firsts ON firsts.enrollment_id = holders.enrollment_id
