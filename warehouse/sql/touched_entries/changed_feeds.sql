-- Entries of the feeds of a campaign whose folder says something else than at the last build.
-- grain:  one row for each entry
-- key:    entry_id
-- units:  none
SELECT DISTINCT e.entry_id
FROM raw.entries AS e
INNER JOIN raw.sources AS s ON e.feed_url = s.source_key
ANTI JOIN staging.campaigns AS c ON s.campaign_id = c.campaign_id AND s.campaign_hash = c.campaign_hash
