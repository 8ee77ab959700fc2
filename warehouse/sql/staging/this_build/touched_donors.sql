-- A donor of whom a gift landed since the last build, or whose gift's file was withdrawn since.
-- grain:  one row for each donor of each source
-- key:    campaign_id, source_id, donor_key
-- units:  none
CREATE TABLE staging.touched_donors (
    campaign_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    donor_key VARCHAR NOT NULL
);
