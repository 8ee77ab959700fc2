-- Mentions of a candidate in an interval, as counted.
-- grain:  one row for each candidate, kind of source, scope and observed interval; silent observed intervals are rows with 0, unobserved ones are no rows
-- key:    campaign_id, candidate_id, source_kind, scope, interval_minutes, interval_start_at
-- units:  mentions in mentions; one-minute rows from three hours before a timed event to a day after its start only
-- restates: campaign_id, local_on of staging.touched_days
-- column mentions: Items (posts, entries) that name the candidate; for counts (x_counts) the posts that the network counted.
-- column solo_mentions: Mentions by items that name no other candidate; NULL for counts.
-- column unique_authors: Authors of the mentions; NULL under 10 (flag small_cell) and where authors are not known.
-- column originals: Mentions by items that are neither reposts nor replies nor quotes; NULL for counts.
-- column reposts: Mentions by reposts; NULL for counts.
-- column assumed_coverage: Of a constant sample, what stands in for the unknown coverage; else NULL.
WITH mentions_timed AS (
    SELECT *, CASE time_quality WHEN 'exact' THEN 1 WHEN 'assumed_zone' THEN 1 WHEN 'assumed_date' THEN 1440 ELSE 10000 END AS finest_minutes
    FROM staging.mentions
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
),

mentions_placed AS (
    SELECT m.*, l.interval_minutes, CASE l.interval_minutes
        WHEN 1440 THEN d.starts_at
        WHEN 60 THEN time_bucket(INTERVAL 1 HOUR, m.mentioned_at, d.starts_at)
        ELSE date_trunc('minute', m.mentioned_at)
    END AS interval_start_at
    FROM mentions_timed AS m
    INNER JOIN staging.days AS d USING (campaign_id, local_on)
    CROSS JOIN (VALUES (1), (60), (1440)) AS l (interval_minutes)
),

mentions_counted AS (
    SELECT
        campaign_id,
        candidate_id,
        source_kind,
        scope,
        interval_minutes,
        interval_start_at,
        count(*) FILTER (WHERE finest_minutes <= interval_minutes) AS mentions,
        count(*) FILTER (WHERE finest_minutes <= interval_minutes AND is_solo) AS solo_mentions,
        count(DISTINCT author_key) FILTER (WHERE finest_minutes <= interval_minutes) AS authors,
        count(*) FILTER (WHERE finest_minutes <= interval_minutes AND post_type = 'original') AS originals,
        count(*) FILTER (WHERE finest_minutes <= interval_minutes AND post_type = 'repost') AS reposts,
        count(*) FILTER (WHERE finest_minutes > interval_minutes) AS left_out
    FROM mentions_placed
    GROUP BY ALL
),

texts_assembled AS (
    SELECT
        k.campaign_id,
        k.local_on,
        c.candidate_id,
        k.source_kind,
        k.scope,
        k.interval_start_at,
        k.interval_minutes,
        coalesce(m.mentions, 0) AS mentions,
        coalesce(m.solo_mentions, 0) AS solo_mentions,
        CASE WHEN m.authors >= 10 THEN m.authors END AS unique_authors,
        coalesce(m.originals, 0) AS originals,
        coalesce(m.reposts, 0) AS reposts,
        k.coverage,
        k.assumed_coverage,
        list_filter([
            CASE WHEN m.authors BETWEEN 1 AND 9 THEN 'small_cell' END,
            CASE WHEN m.left_out > 0 THEN 'time_too_coarse=' || m.left_out END,
            CASE WHEN k.is_synthetic THEN 'synthetic' END,
            CASE WHEN k.assumed_coverage IS NOT NULL THEN 'constant_sampling' END
        ], lambda flag : flag IS NOT NULL) AS flags
    FROM staging.coverage_by_kind AS k
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    INNER JOIN staging.candidates AS c ON k.campaign_id = c.campaign_id
    LEFT JOIN mentions_counted AS m
        ON k.campaign_id = m.campaign_id AND c.candidate_id = m.candidate_id AND k.source_kind = m.source_kind
        AND k.scope = m.scope AND k.interval_minutes = m.interval_minutes AND k.interval_start_at = m.interval_start_at
    -- Nobody looked: no row. A zero would be read as silence.
    WHERE k.coverage IS DISTINCT FROM 0
),

counts_placed AS (
    SELECT c.*, time_bucket(INTERVAL 1 HOUR, c.interval_start_at, d.starts_at) AS hour_at
    FROM staging.post_counts AS c
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    INNER JOIN staging.days AS d USING (campaign_id, local_on)
),

hours_by_grain AS (
    SELECT campaign_id, local_on, source_id, candidate_id, hour_at, interval_minutes, sum(posts) AS posts
    FROM counts_placed
    WHERE interval_minutes <= 60
    GROUP BY campaign_id, local_on, source_id, candidate_id, hour_at, interval_minutes
    -- Where X was asked by the minute and by the hour, what fills most of the hour is taken; the minutes, if both do.
    QUALIFY row_number() OVER (
        PARTITION BY campaign_id, source_id, candidate_id, hour_at ORDER BY count(*) * interval_minutes DESC, interval_minutes
    ) = 1
),

counts_summed AS (
    SELECT campaign_id, candidate_id, source_id, interval_start_at, 1 AS interval_minutes, posts AS mentions
    FROM counts_placed
    WHERE interval_minutes = 1
    UNION ALL
    SELECT campaign_id, candidate_id, source_id, hour_at, 60, posts
    FROM hours_by_grain
    UNION ALL
    SELECT h.campaign_id, h.candidate_id, h.source_id, d.starts_at, 1440, sum(h.posts)
    FROM hours_by_grain AS h
    INNER JOIN staging.days AS d USING (campaign_id, local_on)
    GROUP BY ALL
    UNION ALL
    -- A day's bucket speaks where there is nothing finer.
    SELECT c.campaign_id, c.candidate_id, c.source_id, d.starts_at, 1440, sum(c.posts)
    FROM counts_placed AS c
    INNER JOIN staging.days AS d USING (campaign_id, local_on)
    ANTI JOIN hours_by_grain AS h
        ON c.campaign_id = h.campaign_id AND c.local_on = h.local_on AND c.source_id = h.source_id AND c.candidate_id = h.candidate_id
    WHERE c.interval_minutes > 60
    GROUP BY ALL
),

counts_assembled AS (
    SELECT
        k.campaign_id,
        k.local_on,
        s.candidate_id,
        s.source_kind,
        s.scope,
        k.interval_start_at,
        k.interval_minutes,
        c.mentions,
        NULL::BIGINT AS solo_mentions,
        NULL::BIGINT AS unique_authors,
        NULL::BIGINT AS originals,
        NULL::BIGINT AS reposts,
        k.coverage,
        k.assumed_coverage,
        list_filter([
            CASE WHEN s.is_synthetic THEN 'synthetic' END,
            CASE WHEN k.assumed_coverage IS NOT NULL THEN 'constant_sampling' END
        ], lambda flag : flag IS NOT NULL) AS flags
    FROM staging.coverage_by_source AS k
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    INNER JOIN staging.sources AS s USING (campaign_id, source_id)
    INNER JOIN counts_summed AS c USING (campaign_id, source_id, interval_minutes, interval_start_at)
    WHERE ends_with(s.source_kind, '_counts') AND k.coverage IS DISTINCT FROM 0
)

SELECT
    campaign_id,
    local_on,
    candidate_id,
    source_kind,
    scope,
    interval_start_at,
    interval_minutes,
    mentions::BIGINT AS mentions,
    solo_mentions::BIGINT AS solo_mentions,
    unique_authors::BIGINT AS unique_authors,
    originals::BIGINT AS originals,
    reposts::BIGINT AS reposts,
    coverage,
    assumed_coverage,
    flags
FROM (FROM texts_assembled UNION ALL BY NAME FROM counts_assembled)
