-- Posts of which a version landed.
-- grain:  one row for each post
-- key:    post_id
-- units:  none
SELECT DISTINCT post_id
FROM raw.posts
WHERE load_id > (SELECT last_built_load_id FROM staging.this_run)
