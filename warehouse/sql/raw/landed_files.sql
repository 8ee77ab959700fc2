-- A file of the landing zone that was loaded, or could not be.
-- grain:  one row for each landed file
-- key:    table_name, file_name
-- units:  times in UTC; doubted_from_at to doubted_to_at: when the rows of a file that could not be read were collected, kept once it is loaded after all
CREATE TABLE raw.landed_files (
    table_name VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    load_id BIGINT NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL,
    unreadable VARCHAR,
    doubted_from_at TIMESTAMPTZ,
    doubted_to_at TIMESTAMPTZ
);
