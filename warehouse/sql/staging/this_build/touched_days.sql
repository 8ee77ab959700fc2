-- A local day of a campaign whose counts must be made anew, because something landed that belongs to it.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local_on is a day of the campaign's zone
CREATE TABLE staging.touched_days (
    campaign_id VARCHAR NOT NULL,
    local_on DATE NOT NULL
);
