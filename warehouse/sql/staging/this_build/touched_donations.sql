-- A gift that landed since the last build, or whose file was withdrawn since.
-- grain:  one row for each gift of each source
-- key:    campaign_id, source_id, donation_id
-- units:  none
CREATE TABLE staging.touched_donations (
    campaign_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    donation_id VARCHAR NOT NULL
);
