-- The days of posts that landed, or whose archive was taken back, in every campaign that has them by any source.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH posts_concerned AS (
    SELECT post_id, source_key, epoch_us(CASE WHEN time_quality = 'suspect' THEN observed_at ELSE posted_at END) // 900000000 AS quarter
    FROM raw.posts
    WHERE load_id > getvariable('last_built')
        OR file_sha256 IN (
            SELECT file_sha256 FROM raw.withdrawals WHERE load_id > getvariable('last_built')
        )
),

quarters_concerned AS (
    -- Since there are posts, days begin at a whole quarter of an hour, whatever the zone: few quarters, not every post.
    SELECT source_key, quarter FROM posts_concerned
    UNION
    SELECT p.source_key, c.quarter FROM posts_concerned AS c INNER JOIN staging.posts AS p USING (post_id)
    UNION
    SELECT b.source_key, c.quarter FROM posts_concerned AS c INNER JOIN staging.posts_by_source AS b USING (post_id)
)

SELECT DISTINCT s.campaign_id, (make_timestamptz(q.quarter * 900000000) AT TIME ZONE c.timezone)::DATE AS local_on
FROM quarters_concerned AS q
INNER JOIN staging.sources AS s USING (source_key)
INNER JOIN staging.campaigns AS c USING (campaign_id)
