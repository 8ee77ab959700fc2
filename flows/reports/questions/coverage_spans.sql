WITH hours AS (
    SELECT
        source_id, source_kind, interval_start_at, interval_start_at + INTERVAL 1 HOUR AS ends_at, reason,
        CASE
            WHEN coverage IS NULL THEN 'unknown' WHEN coverage = 0 THEN 'unseen' WHEN coverage < 1 THEN 'part'
            ELSE 'seen'
        END AS state
    FROM metrics.coverage
    WHERE campaign_id = $campaign_id AND interval_minutes = 60
),

marked AS (
    SELECT *, state IS DISTINCT FROM lag(state) OVER w OR reason IS DISTINCT FROM lag(reason) OVER w
        OR interval_start_at IS DISTINCT FROM lag(ends_at) OVER w AS begins
    FROM hours
    WINDOW w AS (PARTITION BY source_id ORDER BY interval_start_at)
),

numbered AS (
    SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY source_id ORDER BY interval_start_at) AS span
    FROM marked
)

SELECT
    source_id, source_kind, state, reason, min(interval_start_at) AS from_at, max(ends_at) AS to_at, count(*) AS hours
FROM numbered
GROUP BY source_id, source_kind, state, reason, span
ORDER BY any_value(source_kind = 'donations') DESC, source_kind, source_id, from_at
