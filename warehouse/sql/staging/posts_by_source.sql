-- A source that a post came by: two queries, or two campaigns, may have asked for the same post.
-- grain:  one row for each post and source
-- key:    post_id, source_kind, source_key
-- units:  none
-- restates: post_id of staging.touched_posts
SELECT DISTINCT p.post_id, p.source_kind, p.source_key
FROM raw.posts AS p
SEMI JOIN staging.touched_posts USING (post_id)
-- As in staging.posts: an archive that was taken back speaks no more.
ANTI JOIN raw.withdrawals AS w
    ON p.file_sha256 = w.file_sha256 AND p.source_key = w.campaign_id || '/' || w.source_id
    AND p.observed_at <= w.withdrawn_at
