-- A territory of a campaign: how many live there, and what part of them has internet access at home.
-- grain:  one row for each territory of each campaign
-- key:    campaign_id, territory
-- units:  population in people; online_share 0 to 1, of inhabitants or households, as the source says; control in a unit of the campaign's own
-- column territory: Its code, in capitals, as gifts and sources carry it.
-- column name: Its name.
-- column population: Inhabitants.
-- column online_share: Share of inhabitants or households with internet access; NULL where nobody says.
-- column parent: The territory that it lies in; NULL of the topmost.
-- column control: What the digital divide holds fixed beside, by its logarithm (an income, a density); NULL where nobody says.
-- column source_url: Where the numbers were read.
SELECT DISTINCT t.* EXCLUDE (load_id, campaign_hash)
FROM raw.territories AS t
SEMI JOIN staging.campaigns USING (campaign_id, campaign_hash)
