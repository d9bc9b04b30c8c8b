-- One row is the first row of a file that has something else in the place of a time.
SELECT getvariable('file'), min(number)
FROM raw WHERE is_untimed
HAVING min(number) IS NOT NULL
