-- A feed that carried an entry: the same article may come by several.
-- grain:  one row for each entry and feed
-- key:    entry_id, feed_url
-- units:  none
-- restates: entry_id of staging.touched_entries
SELECT DISTINCT entry_id, feed_url
FROM raw.entries
SEMI JOIN staging.touched_entries USING (entry_id)
