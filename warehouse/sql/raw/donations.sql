-- A gift, refund or redesignation as a file told it.
-- grain:  one row for each row of a file
-- key:    campaign_id, source_id, file_sha256, line_number
-- units:  amount in `currency`
CREATE TABLE raw.donations (
    campaign_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    file_sha256 VARCHAR NOT NULL,
    line_number BIGINT NOT NULL,
    donation_id VARCHAR NOT NULL,
    candidate_id VARCHAR,
    occurred_at TIMESTAMPTZ,
    occurred_on DATE NOT NULL,
    precision VARCHAR NOT NULL,
    amount DECIMAL(18, 2) NOT NULL,
    currency VARCHAR NOT NULL,
    gift_kind VARCHAR NOT NULL,
    is_memo BOOLEAN NOT NULL,
    refunded_at TIMESTAMPTZ,
    channel VARCHAR,
    scope VARCHAR,
    territory VARCHAR,
    donor_key VARCHAR,
    flags VARCHAR[] NOT NULL,
    version BIGINT NOT NULL,
    known_at TIMESTAMPTZ NOT NULL,
    load_id BIGINT NOT NULL
);
