-- What a public ticker showed: money since its own beginning.
-- grain:  one row for each row of a file
-- key:    campaign_id, source_id, file_sha256, line_number
-- units:  total in `currency`
CREATE TABLE raw.ticker_readings (
    campaign_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    file_sha256 VARCHAR NOT NULL,
    line_number BIGINT NOT NULL,
    candidate_id VARCHAR,
    observed_at TIMESTAMPTZ NOT NULL,
    total DECIMAL(18, 2) NOT NULL,
    currency VARCHAR NOT NULL,
    known_at TIMESTAMPTZ NOT NULL,
    load_id BIGINT NOT NULL
);
