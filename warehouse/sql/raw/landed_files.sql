-- A file of the landing zone that was loaded.
-- grain:  one row for each landed file
-- key:    table_name, file_name
-- units:  times in UTC
CREATE TABLE raw.landed_files (
    table_name VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    load_id BIGINT NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL
);
