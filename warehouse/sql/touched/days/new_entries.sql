-- The days of every version of an entry of which a version landed: it stands in one of them, and may have stood in another.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH entries_landed AS (
    SELECT DISTINCT entry_id FROM raw.entries WHERE load_id > getvariable('last_built')
),

versions AS (
    -- Where the time cannot be believed, the day of its first coming is one of those on which a version was fetched;
    -- whether it can be believed hangs on all versions together.
    SELECT entry_id, feed_url, unnest([fetched_at, published_at]) AS placed_at
    FROM raw.entries
    SEMI JOIN entries_landed USING (entry_id)
)

SELECT DISTINCT s.campaign_id, (t.placed_at AT TIME ZONE c.timezone)::DATE AS local_on
FROM versions AS t
INNER JOIN versions AS f USING (entry_id)
INNER JOIN staging.sources AS s ON f.feed_url = s.source_key
INNER JOIN staging.campaigns AS c USING (campaign_id)
WHERE t.placed_at IS NOT NULL
