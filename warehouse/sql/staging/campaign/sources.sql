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
-- column reach: Of posts: past (asked for what was), live (heard as it comes) or files (imported); NULL of feeds and money.
SELECT DISTINCT s.* EXCLUDE (load_id, campaign_hash) REPLACE (
    -- Homes that landed before it was said knew X alone.
    coalesce(s.reach, CASE
        WHEN s.source_kind = 'x_archive' THEN 'files'
        WHEN s.source_id = 'x-stream' THEN 'live'
        WHEN starts_with(s.source_kind, 'x_') THEN 'past'
    END) AS reach
)
FROM raw.sources AS s
SEMI JOIN staging.campaigns USING (campaign_id, campaign_hash)
