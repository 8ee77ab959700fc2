-- A ticker of which readings landed or were withdrawn since the last build.
-- grain:  one row for each source
-- key:    campaign_id, source_id
-- units:  none
CREATE TABLE staging.touched_tickers (
    campaign_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL
);
