-- A channel that a campaign pays for or works in.
-- grain:  one row for each channel of each state of a campaign folder
-- key:    campaign_id, campaign_hash, channel
-- units:  spent in `currency`; hours worked; local days, both included
CREATE TABLE raw.channels (
    campaign_id VARCHAR NOT NULL,
    campaign_hash VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    title VARCHAR,
    channel_kind VARCHAR NOT NULL,
    spent DECIMAL(18, 2),
    currency VARCHAR NOT NULL,
    hours DOUBLE,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    source_url VARCHAR,
    load_id BIGINT NOT NULL
);
