-- The build under way, or the last one; a model that needs to know who builds reads it here.
-- grain:  one row
-- key:    run_id
-- units:  times in UTC; load ids count the loads: rows of raw with a load_id above last_built_load_id are what the build is about
CREATE TABLE staging.this_run (
    run_id VARCHAR NOT NULL,
    built_at TIMESTAMPTZ NOT NULL,
    last_built_load_id BIGINT NOT NULL,
    load_id BIGINT NOT NULL,
    sql_hash VARCHAR NOT NULL
);
