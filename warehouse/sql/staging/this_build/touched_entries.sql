-- A feed entry that landed since the last build, or whose feed a campaign reads otherwise since.
-- grain:  one row for each entry
-- key:    entry_id
-- units:  none
CREATE TABLE staging.touched_entries (
    entry_id VARCHAR NOT NULL
);
