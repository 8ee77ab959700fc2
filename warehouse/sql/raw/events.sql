-- Something dated that may move buzz or money.
-- grain:  one row for each event of each state of a campaign folder
-- key:    campaign_id, campaign_hash, event_id
-- units:  times in UTC; starts_on a local day of `timezone`; audience in millions
CREATE TABLE raw.events (
    campaign_id VARCHAR NOT NULL,
    campaign_hash VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    event_kind VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    starts_at TIMESTAMPTZ,
    ends_at TIMESTAMPTZ,
    timezone VARCHAR NOT NULL,
    channels VARCHAR[] NOT NULL,
    participants VARCHAR[] NOT NULL,
    audience_millions DOUBLE,
    scope VARCHAR,
    territory VARCHAR,
    is_held BOOLEAN NOT NULL,
    source_url VARCHAR,
    calls_for VARCHAR[],
    channel VARCHAR,
    load_id BIGINT NOT NULL
);
