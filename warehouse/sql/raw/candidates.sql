-- A public figure of a campaign's roster.
-- grain:  one row for each candidate of each state of a campaign folder
-- key:    campaign_id, campaign_hash, candidate_id
-- units:  none
CREATE TABLE raw.candidates (
    campaign_id VARCHAR NOT NULL,
    campaign_hash VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    accounts VARCHAR[],
    signature VARCHAR,
    staff_clients VARCHAR[],
    load_id BIGINT NOT NULL
);
