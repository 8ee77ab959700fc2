-- A public figure of a campaign's roster.
-- grain:  one row for each candidate of each campaign
-- key:    campaign_id, candidate_id
-- units:  none
-- column name: The candidate's name.
SELECT DISTINCT c.campaign_id, c.candidate_id, c.name
FROM raw.candidates AS c
SEMI JOIN staging.campaigns USING (campaign_id, campaign_hash)
