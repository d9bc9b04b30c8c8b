-- What the other queries draw and name with: the same seed, salt and numbers always give the same.
CREATE MACRO draw(salt, one, other) AS
    (hash(getvariable('seed'), salt, one, other) >> 11) / 9007199254740992.0;

-- How long until something that happens at a steady rate happens, in units of its mean.
CREATE MACRO waited(salt, one, other) AS -ln(1 - draw(salt, one, other));

-- A random UUID (version 4), as the browser makes them: lower case, without braces.
CREATE MACRO uuid_of(salt, one, other) AS CAST(CAST(
    CAST((hash(getvariable('seed'), salt, one, other) & 18446744073709490175) | 16384 AS UHUGEINT)
        * 18446744073709551616
    + CAST((hash(getvariable('seed'), other, one, salt) & 4611686018427387903)
        | 9223372036854775808 AS UHUGEINT)
AS UUID) AS VARCHAR);

CREATE MACRO pair(name, text) AS {'key': name, 'value': text};
