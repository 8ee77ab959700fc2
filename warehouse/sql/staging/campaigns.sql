-- A campaign's own settings, as its folder stood when it was last landed.
-- grain:  one row for each campaign
-- key:    campaign_id
-- units:  start_on and end_on are local days of `timezone`, both in the season; starts_at and ends_at in UTC
SELECT
    campaign_id,
    campaign_hash,
    spec_hash,
    title,
    timezone,
    currency,
    start_on,
    end_on,
    start_on::TIMESTAMP AT TIME ZONE timezone AS starts_at,
    (end_on + 1)::TIMESTAMP AT TIME ZONE timezone AS ends_at,
    small_gift_max,
    landed_at
FROM raw.campaigns
QUALIFY row_number() OVER (PARTITION BY campaign_id ORDER BY landed_at DESC, campaign_hash) = 1
