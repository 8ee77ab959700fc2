-- Entries of the feeds of a campaign whose folder says something else than at the last build.
-- grain:  one row for each entry
-- key:    entry_id
-- units:  none
WITH campaigns_landed AS (
    SELECT campaign_id, campaign_hash
    FROM raw.campaigns
    QUALIFY row_number() OVER (PARTITION BY campaign_id ORDER BY landed_at DESC, campaign_hash) = 1
),

campaigns_changed AS (
    SELECT campaign_id FROM campaigns_landed ANTI JOIN staging.campaigns USING (campaign_id, campaign_hash)
),

feeds_concerned AS (
    -- In whatever state of the folder: a feed that left has its entries changed too.
    SELECT DISTINCT source_key AS feed_url FROM raw.sources SEMI JOIN campaigns_changed USING (campaign_id)
)

SELECT DISTINCT entry_id
FROM raw.entries
SEMI JOIN feeds_concerned USING (feed_url)
