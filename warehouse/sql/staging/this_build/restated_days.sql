-- A local day of a campaign whose interval rows must be made anew: it was touched, or what is expected of it changed.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local_on is a day of the campaign's zone
CREATE TABLE staging.restated_days (
    campaign_id VARCHAR NOT NULL,
    local_on DATE NOT NULL
);
