-- The run that last changed a published table: publishing rewrites the tables whose files are of another run.
-- grain:  one row for each published table
-- key:    table_name
-- units:  none
CREATE TABLE staging.changed_tables (
    table_name VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL
);
