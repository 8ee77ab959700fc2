-- The days of posts that landed, or whose archive was taken back, in every campaign that has them by any source.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH posts_concerned AS (
    SELECT DISTINCT post_id, posted_at, source_key
    FROM raw.posts
    WHERE load_id > (SELECT last_built_load_id FROM staging.this_run)
        OR file_sha256 IN (
            SELECT file_sha256 FROM raw.withdrawals WHERE load_id > (SELECT last_built_load_id FROM staging.this_run)
        )
),

sources_concerned AS (
    SELECT post_id, source_key FROM posts_concerned
    UNION
    SELECT post_id, source_key FROM staging.posts_by_source SEMI JOIN posts_concerned USING (post_id)
)

SELECT DISTINCT s.campaign_id, (p.posted_at AT TIME ZONE c.timezone)::DATE AS local_on
FROM posts_concerned AS p
INNER JOIN sources_concerned AS o USING (post_id)
INNER JOIN staging.sources AS s ON o.source_key = s.source_key
INNER JOIN staging.campaigns AS c USING (campaign_id)
