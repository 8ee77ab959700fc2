-- Every day, before and after, of a campaign whose folder says something else than at the last build.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH campaigns_landed AS (
    SELECT campaign_id, campaign_hash, start_on, end_on
    FROM raw.campaigns
    QUALIFY row_number() OVER (PARTITION BY campaign_id ORDER BY landed_at DESC, campaign_hash) = 1
),

campaigns_changed AS (
    SELECT l.*
    FROM campaigns_landed AS l
    ANTI JOIN staging.campaigns USING (campaign_id, campaign_hash)
)

SELECT campaign_id, unnest(generate_series(start_on, end_on, INTERVAL 1 DAY))::DATE AS local_on
FROM campaigns_changed
UNION
SELECT campaign_id, local_on
FROM staging.days SEMI JOIN campaigns_changed USING (campaign_id)
