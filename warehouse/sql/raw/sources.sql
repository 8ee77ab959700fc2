-- A feed, X query, account, archive or donation series of a campaign.
-- grain:  one row for each source of each state of a campaign folder
-- key:    campaign_id, campaign_hash, source_id
-- units:  none
CREATE TABLE raw.sources (
    campaign_id VARCHAR NOT NULL,
    campaign_hash VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    source_key VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    territory VARCHAR,
    candidate_id VARCHAR,
    query_hash VARCHAR,
    precision VARCHAR,
    currency VARCHAR,
    coverage VARCHAR NOT NULL,
    is_synthetic BOOLEAN NOT NULL,
    summed_as VARCHAR,
    candidates VARCHAR[],
    reach VARCHAR,
    load_id BIGINT NOT NULL
);
