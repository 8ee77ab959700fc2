-- What the estimates of a source rest on, as a hash: its series, the campaign's events and analysis, and the code.
-- grain:  one row for each source of each campaign that was estimated; source_id is empty for mentions, whose kinds are pooled
-- key:    campaign_id, source_id
-- units:  none
CREATE TABLE staging.estimated_inputs (
    campaign_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    inputs_hash VARCHAR NOT NULL
);
