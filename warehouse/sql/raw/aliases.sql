-- A way people write about a candidate, or a phrase that is someone else.
-- grain:  one row for each alias of each state of a campaign folder
-- key:    campaign_id, campaign_hash, candidate_id, alias, is_excluded
-- units:  none
CREATE TABLE raw.aliases (
    campaign_id VARCHAR NOT NULL,
    campaign_hash VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    alias VARCHAR NOT NULL,
    is_excluded BOOLEAN NOT NULL,
    load_id BIGINT NOT NULL
);
