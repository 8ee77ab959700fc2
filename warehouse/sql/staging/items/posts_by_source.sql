-- A source of a post that came by several: two queries, or two campaigns, may have asked for the same post.
-- grain:  one row for each source of a post, where it has more than one; staging.posts has the only source of any other
-- key:    post_id, source_kind, source_key
-- units:  none
-- restates: post_id of staging.touched_posts
WITH posts_repeated AS (
    SELECT post_id, source_kind
    FROM raw.posts
    SEMI JOIN staging.touched_posts USING (post_id)
    GROUP BY post_id, source_kind
    HAVING count(*) > 1
)

SELECT p.post_id, p.source_kind, unnest(list_sort(list(DISTINCT p.source_key))) AS source_key
FROM raw.posts AS p
SEMI JOIN posts_repeated USING (post_id, source_kind)
-- As in staging.posts: an archive that was taken back speaks no more.
ANTI JOIN raw.withdrawals AS w
    ON p.file_sha256 = w.file_sha256 AND p.source_key = w.campaign_id || '/' || w.source_id
    AND p.observed_at <= w.withdrawn_at
GROUP BY p.post_id, p.source_kind
HAVING min(p.source_key) != max(p.source_key)
