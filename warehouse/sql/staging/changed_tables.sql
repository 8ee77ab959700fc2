-- When a table last changed: publishing rewrites only what changed since the published file was made.
-- grain:  one row for each published table
-- key:    table_name
-- units:  load ids count the loads
CREATE TABLE staging.changed_tables (
    table_name VARCHAR NOT NULL,
    load_id BIGINT NOT NULL
);
