-- The last load that was built: rows of raw with a greater load_id are what the build is about.
-- grain:  one row
-- key:    last_built_load_id
-- units:  a count of loads; 0 at a first build, to which everything is news
SELECT last_built_load_id FROM staging.this_run
