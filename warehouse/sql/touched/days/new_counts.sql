-- The days of counts that landed.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
SELECT n.campaign_id, (n.interval_start_at AT TIME ZONE c.timezone)::DATE AS local_on
FROM raw.post_counts AS n
INNER JOIN staging.campaigns AS c USING (campaign_id)
WHERE n.load_id > getvariable('last_built')
