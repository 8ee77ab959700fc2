-- What was seen of a source in an interval.
-- grain:  one row for each source and interval that has begun
-- key:    campaign_id, source_id, interval_minutes, interval_start_at
-- units:  due_s, observed_s and glimpsed_s in seconds of the interval; coverage 0 to 1, NULL = unknown
-- column assumed_coverage: Of a sample that is a constant part of all, what stands in for the unknown coverage; else NULL.
-- restates: campaign_id, local_on of staging.touched_days
WITH intervals_due AS (
    SELECT
        i.campaign_id,
        s.source_id,
        i.local_on,
        i.interval_minutes,
        i.interval_start_at,
        i.interval_end_at,
        least(i.interval_end_at, k.known_until_at) AS due_until_at
    FROM staging.intervals AS i
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    INNER JOIN staging.sources AS s ON i.campaign_id = s.campaign_id
    INNER JOIN staging.known_until AS k ON i.campaign_id = k.campaign_id AND i.interval_start_at < k.known_until_at
),

pieces AS (
    SELECT
        i.campaign_id,
        i.source_id,
        i.interval_minutes,
        i.interval_start_at,
        s.is_proved,
        s.is_sampled,
        s.reason,
        epoch(greatest(s.from_at, i.interval_start_at)) AS from_s,
        epoch(least(s.to_at, i.due_until_at)) AS to_s
    FROM intervals_due AS i
    INNER JOIN staging.spans AS s
        ON i.campaign_id = s.campaign_id AND i.source_id = s.source_id AND i.local_on = s.local_on
        AND s.from_at < i.due_until_at AND s.to_at > i.interval_start_at
),

pieces_swept AS (
    -- What a piece adds to those that began before it: pieces may overlap, seconds count once.
    SELECT
        *,
        greatest(0, to_s - greatest(from_s, coalesce(max(to_s) OVER earlier, from_s))) AS any_s,
        CASE WHEN is_proved
            THEN greatest(0, to_s - greatest(from_s, coalesce(max(to_s) FILTER (WHERE is_proved) OVER earlier, from_s)))
            ELSE 0
        END AS proved_s
    FROM pieces
    WINDOW earlier AS (
        PARTITION BY campaign_id, source_id, interval_minutes, interval_start_at ORDER BY from_s, to_s
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

seconds_seen AS (
    SELECT
        campaign_id,
        source_id,
        interval_minutes,
        interval_start_at,
        sum(proved_s) AS observed_s,
        sum(any_s) - sum(proved_s) AS glimpsed_s,
        count(*) FILTER (WHERE NOT is_proved AND is_sampled IS NOT TRUE) = 0 AS is_sampled,
        min(reason) AS reason
    FROM pieces_swept
    GROUP BY ALL
)

SELECT
    d.campaign_id,
    d.local_on,
    d.source_id,
    d.interval_minutes,
    d.interval_start_at,
    (epoch(d.due_until_at) - epoch(d.interval_start_at))::BIGINT AS due_s,
    coalesce(s.observed_s, 0)::BIGINT AS observed_s,
    coalesce(s.glimpsed_s, 0)::BIGINT AS glimpsed_s,
    CASE
        WHEN coalesce(s.glimpsed_s, 0) >= 1 THEN NULL
        ELSE least(1, coalesce(s.observed_s, 0) / (epoch(d.interval_end_at) - epoch(d.interval_start_at)))
    END AS coverage,
    CASE
        WHEN s.glimpsed_s >= 1 AND s.is_sampled
            THEN least(1, (s.observed_s + s.glimpsed_s) / (epoch(d.interval_end_at) - epoch(d.interval_start_at)))
    END AS assumed_coverage,
    s.reason
FROM intervals_due AS d
LEFT JOIN seconds_seen AS s USING (campaign_id, source_id, interval_minutes, interval_start_at)
