-- Something dated that may move buzz or money.
-- grain:  one row for each event of each campaign
-- key:    campaign_id, event_id
-- units:  times in UTC; starts_on a local day of `timezone`; starts_at NULL = the source gives the day only
SELECT DISTINCT e.* EXCLUDE (load_id, campaign_hash)
FROM raw.events AS e
SEMI JOIN staging.campaigns USING (campaign_id, campaign_hash)
