-- A feed, X query, account, archive or donation series of a campaign.
-- grain:  one row for each source of each campaign
-- key:    campaign_id, source_id
-- units:  none
-- column source_key: What attempts are kept by: the URL of a feed, else campaign and source.
-- column territory: Territory that it speaks of.
-- column query_hash: Hash of an X query: another one is a series break.
-- column is_synthetic: Made up, for a demonstration.
-- column summed_as: Id of the sum of donation sources that are declared disjoint; NULL where it is part of none.
-- column candidates: Whose the gifts to ALL are: events reach them by these; empty or NULL where nobody says.
SELECT DISTINCT s.* EXCLUDE (load_id, campaign_hash)
FROM raw.sources AS s
SEMI JOIN staging.campaigns USING (campaign_id, campaign_hash)
