-- The days that an entry stands in now, or stood in before it was edited, where a version of it landed.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH versions_landed AS (
    SELECT entry_id, feed_url, published_at FROM raw.entries WHERE load_id > (SELECT last_built_load_id FROM staging.this_run)
),

times_touched AS (
    SELECT feed_url, published_at FROM versions_landed
    UNION
    SELECT e.feed_url, e.published_at FROM staging.entries AS e SEMI JOIN versions_landed USING (entry_id)
)

SELECT s.campaign_id, (t.published_at AT TIME ZONE c.timezone)::DATE AS local_on
FROM times_touched AS t
INNER JOIN staging.sources AS s ON t.feed_url = s.source_key
INNER JOIN staging.campaigns AS c USING (campaign_id)
WHERE t.published_at IS NOT NULL
