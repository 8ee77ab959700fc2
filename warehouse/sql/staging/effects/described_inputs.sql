-- What the descriptions of a campaign rest on, as a hash: its series, posts, events and analysis, and the code.
-- grain:  one row for each campaign that was described
-- key:    campaign_id
-- units:  none
CREATE TABLE staging.described_inputs (
    campaign_id VARCHAR NOT NULL,
    inputs_hash VARCHAR NOT NULL
);
