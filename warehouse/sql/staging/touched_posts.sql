-- A post that landed since the last build.
-- grain:  one row for each post
-- key:    post_id
-- units:  versions are rows of raw.posts, older ones included
CREATE TABLE staging.touched_posts (
    post_id VARCHAR NOT NULL,
    versions BIGINT
);
