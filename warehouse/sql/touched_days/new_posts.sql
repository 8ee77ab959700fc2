-- The days of posts that landed, in every campaign that has them by any source.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH posts_landed AS (
    SELECT DISTINCT post_id, posted_at FROM raw.posts WHERE load_id > (SELECT last_built_load_id FROM staging.this_run)
),

sources_concerned AS (
    SELECT post_id, source_key FROM raw.posts WHERE load_id > (SELECT last_built_load_id FROM staging.this_run)
    UNION
    SELECT post_id, source_key FROM staging.posts_by_source SEMI JOIN posts_landed USING (post_id)
)

SELECT DISTINCT s.campaign_id, (p.posted_at AT TIME ZONE c.timezone)::DATE AS local_on
FROM posts_landed AS p
INNER JOIN sources_concerned AS o USING (post_id)
INNER JOIN staging.sources AS s USING (source_key)
INNER JOIN staging.campaigns AS c USING (campaign_id)
