-- A source that a post came by: two queries, or two campaigns, may have asked for the same post.
-- grain:  one row for each post and source
-- key:    post_id, source_kind, source_key
-- units:  none
-- restates: post_id of staging.touched_posts
SELECT DISTINCT post_id, source_kind, source_key
FROM raw.posts
SEMI JOIN staging.touched_posts USING (post_id)
