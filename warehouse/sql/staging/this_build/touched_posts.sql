-- A post that landed since the last build.
-- grain:  one row for each post
-- key:    post_id
-- units:  none
CREATE TABLE staging.touched_posts (
    post_id VARCHAR NOT NULL
);
