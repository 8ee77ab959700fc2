-- A feed, X query, account, archive or donation series of a campaign.
-- grain:  one row for each source of each campaign
-- key:    campaign_id, source_id
-- units:  none
SELECT DISTINCT s.* EXCLUDE (load_id, campaign_hash)
FROM raw.sources AS s
SEMI JOIN staging.campaigns USING (campaign_id, campaign_hash)
