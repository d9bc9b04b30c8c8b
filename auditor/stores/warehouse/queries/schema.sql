-- The tables that export files are loaded into, and the words in which the other files are written.
--
-- `flat_events` has those events of a flattened export that are Normandy's, `flat_documents` what all the
-- rows of a document in one file tell of it, and `flat_experiments` its experiments. `documents` has the
-- pings of a nested export, `refused` the rows that are none, `untimed` the first with a time that is none. `number` is a row's place in its file.
-- `copy` tells apart the copies of a document in a flattened export: by when they were received.
CREATE TYPE experiment AS STRUCT(
    key VARCHAR, value STRUCT(branch VARCHAR, enrollment_id VARCHAR, type VARCHAR)
);

CREATE TYPE scalar AS STRUCT(name VARCHAR, pairs pair[]);

CREATE TYPE entry AS STRUCT(
    process VARCHAR, position BIGINT, offset_ms BIGINT, category VARCHAR, method VARCHAR,
    object VARCHAR, value VARCHAR, extras pair[]
);

CREATE TEMP TABLE flat_documents (
    file INTEGER, first BIGINT, document UUID, copy BIGINT, document_type VARCHAR, client VARCHAR,
    profile_group VARCHAR, session VARCHAR, received BIGINT, process_start BIGINT,
    version VARCHAR, channel VARCHAR, first_offset BIGINT, last_offset BIGINT
);

CREATE TEMP TABLE flat_events (
    file INTEGER, number BIGINT, document UUID, copy BIGINT, process VARCHAR, offset_ms BIGINT,
    category VARCHAR, method VARCHAR, object VARCHAR, value VARCHAR, extras pair[]
);

CREATE TEMP TABLE flat_experiments (file INTEGER, document UUID, copy BIGINT, experiments experiment[]);

-- `hidden` holds what the warehouse has no column for (`additional_properties`); `is_hiding` tells that
-- events are among it. `events` are then all that the ping has, and else those of Normandy's.
CREATE TEMP TABLE documents (
    file INTEGER, number BIGINT, message VARCHAR, document UUID, document_type VARCHAR, client VARCHAR,
    profile_group VARCHAR, session VARCHAR, created BIGINT, received BIGINT, process_start BIGINT,
    version VARCHAR, channel VARCHAR, has_events BOOLEAN, first_offset BIGINT, last_offset BIGINT,
    is_hiding BOOLEAN, events entry[], scalars scalar[], histograms scalar[],
    experiments experiment[], hidden JSON
);

CREATE TEMP TABLE refused (file INTEGER, number BIGINT, reason VARCHAR);

CREATE TEMP TABLE untimed (file INTEGER, number BIGINT);

CREATE TEMP MACRO plain(id) AS nullif(lower(trim(id, '{}')), '');

CREATE TEMP MACRO id_of(id) AS try_cast(id AS UUID);

-- A whole number, also where a tool has made it one with a point (`7.0`).
CREATE TEMP MACRO number_of(digits) AS
    CASE WHEN regexp_full_match(digits, '-?[0-9]{1,18}(\.0+)?')
        THEN CAST(string_split(digits, '.')[1] AS BIGINT) END;

CREATE TEMP MACRO clock_of(time) AS
    CASE WHEN time >= 0 AND time < getvariable('latest') THEN time END;

-- A number's unit by its size: of all seconds, milliseconds, microseconds and nanoseconds since 1970 that
-- are between 2010 and 2100, no two are alike.
CREATE TEMP MACRO ms_of_number(number) AS CASE
    WHEN number >= 1262304000 AND number < 4102444800 THEN CAST(round(number * 1000) AS BIGINT)
    WHEN number >= 1262304000e3 AND number < 4102444800e3 THEN CAST(floor(number) AS BIGINT)
    WHEN number >= 1262304000e6 AND number < 4102444800e6 THEN CAST(floor(number / 1e3) AS BIGINT)
    WHEN number >= 1262304000e9 AND number < 4102444800e9 THEN CAST(floor(number / 1e6) AS BIGINT)
END;

-- Text with or without ` UTC`, or a number.
CREATE TEMP MACRO ms_of(time) AS coalesce(
    clock_of(try(epoch_ms(try_cast(time AS TIMESTAMPTZ)))), ms_of_number(try_cast(time AS DOUBLE))
);

-- TRUE for what is written where a time should be, and is none. What begins as a date is not parsed again.
CREATE TEMP MACRO is_no_time(time) AS CASE
    WHEN regexp_matches(time, '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])') THEN NULL
    WHEN trim(time) <> '' AND ms_of(time) IS NULL AND try_cast(time AS TIMESTAMPTZ) IS NULL THEN TRUE
END;

CREATE TEMP MACRO offset_of(time) AS CASE WHEN abs(time) < getvariable('longest') THEN time END;

CREATE TEMP MACRO major_of(version) AS try_cast(regexp_extract(version, '^[0-9]{1,6}') AS BIGINT);

CREATE TEMP MACRO is_wanted(category, object) AS
    category = 'normandy' OR (category = getvariable('uptake') AND object = 'normandy');

-- Repeated `key` and `value`, or the map that they stood for.
CREATE TEMP MACRO pairs_of(map) AS CASE json_type(map)
    WHEN 'ARRAY' THEN CAST(from_json(map, '[{"key": "VARCHAR", "value": "VARCHAR"}]') AS pair[])
    WHEN 'OBJECT' THEN CAST(map_entries(from_json(map, '"MAP(VARCHAR, VARCHAR)"')) AS pair[])
END;

CREATE TEMP MACRO entries_of(map) AS
    map_entries(from_json(CASE WHEN json_type(map) = 'OBJECT' THEN map END, '"MAP(VARCHAR, JSON)"'));

CREATE TEMP MACRO list_of(list) AS
    from_json(CASE WHEN json_type(list) = 'ARRAY' THEN list END, '["JSON"]');

CREATE TEMP MACRO experiment_of(name, told) AS {'key': name, 'value': {
    'branch': told ->> '$.branch', 'type': told ->> '$.type',
    'enrollment_id': coalesce(told ->> '$.enrollment_id', told ->> '$.enrollmentId')
}};

CREATE TEMP MACRO experiments_of(map) AS CAST(CASE json_type(map)
    WHEN 'ARRAY' THEN list_transform(
        list_of(map), lambda each: experiment_of(each ->> '$.key', each -> '$.value')
    )
    WHEN 'OBJECT' THEN list_transform(
        entries_of(map), lambda each: experiment_of(each.key, each.value)
    )
END AS experiment[]);

CREATE TEMP MACRO process_events_of(name, list) AS list_transform(
    from_json(CASE WHEN json_type(list) = 'ARRAY' THEN list END, '[{
        "f0_": "VARCHAR", "f1_": "VARCHAR", "f2_": "VARCHAR", "f3_": "VARCHAR", "f4_": "VARCHAR",
        "f5_": "JSON"
    }]'),
    lambda each, place: {
        'process': name, 'position': place - 1, 'offset_ms': offset_of(number_of(each.f0_)),
        'category': each.f1_, 'method': each.f2_, 'object': each.f3_, 'value': each.f4_,
        'extras': pairs_of(each.f5_)
    }
);

-- The events of every process: of event pings, and of old main pings.
CREATE TEMP MACRO events_of(events, processes) AS CAST(list_concat(
    flatten(list_transform(
        entries_of(events), lambda part: process_events_of(part.key, part.value)
    )),
    flatten(list_transform(
        entries_of(processes), lambda part: process_events_of(part.key, part.value -> '$.events')
    ))
) AS entry[]);

CREATE TEMP MACRO scalars_of(processes) AS CAST(flatten(list_transform(
    entries_of(processes),
    lambda part: list_transform(
        entries_of(part.value -> '$.keyed_scalars'),
        lambda each: {'name': each.key, 'pairs': pairs_of(each.value)}
    )
)) AS scalar[]);

-- The uptake histograms of every process, by its name: the parent's lie outside its process.
CREATE TEMP MACRO histograms_of(own, processes) AS CAST(nullif(list_filter(
    list_concat(
        [{'name': 'parent', 'pairs': pairs_of(own)}],
        list_transform(entries_of(processes), lambda part: {
            'name': part.key,
            'pairs': pairs_of(part.value -> '$.keyed_histograms.uptake_remote_content_result_1')
        })
    ),
    lambda each: each.pairs IS NOT NULL
), []) AS scalar[]);

-- The buckets of a histogram: its JSON, or the warehouse's shorter form (`51;5;3;1,50;0:0,1:3`).
CREATE TEMP MACRO buckets_of(histogram) AS CASE
    WHEN starts_with(trim(histogram), '{')
        THEN pairs_of(try_cast(histogram AS JSON) -> '$.values')
    WHEN len(string_split(histogram, ';')) = 5
        THEN list_transform(
            list_filter(string_split(string_split(histogram, ';')[5], ','), lambda each: each <> ''),
            lambda each: {'key': split_part(each, ':', 1), 'value': split_part(each, ':', 2)}
        )
END;

CREATE TEMP MACRO keys_of(extras) AS list_transform(coalesce(extras, []), lambda pair: pair.key);

CREATE TEMP MACRO values_of(extras) AS list_transform(coalesce(extras, []), lambda pair: pair.value);

CREATE TEMP MACRO flat_message(document, copy) AS
    concat(getvariable('store'), ':event:', document, ':', copy);
