-- Entries of which a version landed.
-- grain:  one row for each entry
-- key:    entry_id
-- units:  none
SELECT DISTINCT entry_id
FROM raw.entries
WHERE load_id > (SELECT last_built_load_id FROM staging.this_run)
