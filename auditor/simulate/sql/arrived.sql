-- One row is one copy of a ping that arrived at the server. Those made while upload was off do not, and
-- the warehouse refuses them: only what is planted has any.
SELECT told.* REPLACE (received + copy * 86400000 AS received)
FROM told CROSS JOIN range(2) AS numbers(copy)
WHERE copy < copies AND NOT lost AND (is_planted OR client_id <> getvariable('canary'))
