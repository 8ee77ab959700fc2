-- The days that an entry stands in now, or stood in before it was edited, where a version of it landed.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH versions_landed AS (
    SELECT entry_id, feed_url, published_at FROM raw.entries WHERE load_id > (SELECT last_built_load_id FROM staging.this_run)
),

times_touched AS (
    SELECT entry_id, published_at FROM versions_landed
    UNION
    SELECT entry_id, published_at FROM staging.entries SEMI JOIN versions_landed USING (entry_id)
),

feeds_touched AS (
    SELECT entry_id, feed_url FROM versions_landed
    UNION
    SELECT entry_id, feed_url FROM staging.entry_feeds SEMI JOIN versions_landed USING (entry_id)
)

SELECT s.campaign_id, (t.published_at AT TIME ZONE c.timezone)::DATE AS local_on
FROM times_touched AS t
INNER JOIN feeds_touched AS f USING (entry_id)
INNER JOIN staging.sources AS s ON f.feed_url = s.source_key
INNER JOIN staging.campaigns AS c USING (campaign_id)
WHERE t.published_at IS NOT NULL
