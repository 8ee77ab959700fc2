-- What a source says came in over a span.
-- grain:  one row for each row of a file
-- key:    campaign_id, source_id, file_sha256, line_number
-- units:  amount in `currency`
CREATE TABLE raw.donation_totals (
    campaign_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    file_sha256 VARCHAR NOT NULL,
    line_number BIGINT NOT NULL,
    candidate_id VARCHAR,
    interval_start_at TIMESTAMPTZ NOT NULL,
    interval_minutes BIGINT NOT NULL,
    amount DECIMAL(18, 2) NOT NULL,
    gifts BIGINT,
    currency VARCHAR NOT NULL,
    known_at TIMESTAMPTZ NOT NULL,
    territory VARCHAR,
    load_id BIGINT NOT NULL
);
