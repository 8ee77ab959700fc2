-- How many posts X counted for a candidate's query in a bucket; the last retrieval holds.
-- grain:  one row for each source, candidate and bucket
-- key:    campaign_id, source_id, candidate_id, interval_minutes, interval_start_at
-- units:  posts in posts; times in UTC
-- restates: campaign_id, local_on of staging.touched_days
-- column query_hash: Hash of the query that was counted.
-- column posts: Posts in the bucket.
-- column retrieved_at: When the count was asked for.
WITH days_touched AS (
    SELECT * FROM staging.days SEMI JOIN staging.touched_days USING (campaign_id, local_on)
),

spans_touched AS (
    SELECT campaign_id, min(starts_at) AS starts_at, max(ends_at) AS ends_at
    FROM days_touched
    GROUP BY campaign_id
),

counts_near AS (
    SELECT c.*
    FROM raw.post_counts AS c
    INNER JOIN spans_touched AS t
        ON c.campaign_id = t.campaign_id AND c.interval_start_at >= t.starts_at AND c.interval_start_at < t.ends_at
)

SELECT
    c.campaign_id,
    d.local_on,
    s.source_id,
    s.source_kind,
    s.scope,
    c.candidate_id,
    c.query_hash,
    c.interval_start_at,
    c.interval_minutes,
    c.posts,
    c.retrieved_at
FROM counts_near AS c
INNER JOIN staging.sources AS s ON c.campaign_id = s.campaign_id AND c.source_key = s.source_key
ASOF INNER JOIN days_touched AS d
    ON c.campaign_id = d.campaign_id AND c.interval_start_at >= d.starts_at
WHERE c.interval_start_at < d.ends_at
QUALIFY row_number() OVER (
    PARTITION BY c.campaign_id, s.source_id, c.candidate_id, c.interval_minutes, c.interval_start_at
    ORDER BY c.retrieved_at DESC, c.query_hash, c.posts DESC
) = 1
