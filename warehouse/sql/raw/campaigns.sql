-- A campaign's own settings as its folder stood at `landed_at`.
-- grain:  one row for each state of a campaign folder
-- key:    campaign_id, campaign_hash
-- units:  small_gift_max in the campaign's currency
CREATE TABLE raw.campaigns (
    campaign_id VARCHAR NOT NULL,
    campaign_hash VARCHAR NOT NULL,
    spec_hash VARCHAR NOT NULL,
    spec VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    timezone VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    start_on DATE NOT NULL,
    end_on DATE NOT NULL,
    small_gift_max DECIMAL(18, 2) NOT NULL,
    landed_at TIMESTAMPTZ NOT NULL,
    retention_days BIGINT NOT NULL,
    settings VARCHAR,
    language VARCHAR,
    claims VARCHAR,
    load_id BIGINT NOT NULL
);
