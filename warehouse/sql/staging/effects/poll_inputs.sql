-- What the changes in a campaign's polls rest on, as a hash: polls, events and analysis, and the code.
-- grain:  one row for each campaign that has polls
-- key:    campaign_id
-- units:  none
CREATE TABLE staging.poll_inputs (
    campaign_id VARCHAR NOT NULL,
    inputs_hash VARCHAR NOT NULL
);
