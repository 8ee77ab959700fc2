-- An imported file taken back.
-- grain:  one row for each withdrawal
-- key:    campaign_id, source_id, file_sha256, withdrawn_at
-- units:  none
CREATE TABLE raw.withdrawals (
    campaign_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    file_sha256 VARCHAR NOT NULL,
    withdrawn_at TIMESTAMPTZ NOT NULL,
    load_id BIGINT NOT NULL
);
