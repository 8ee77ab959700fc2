-- Entries of which a version landed.
-- grain:  one row for each entry
-- key:    entry_id
-- units:  none
SELECT DISTINCT entry_id
FROM raw.entries
WHERE load_id > getvariable('last_built')
