-- Gifts of a source in an hour or a local day.
-- grain:  one row for each source, candidate and interval that has a gift or a refund
-- key:    campaign_id, source_id, candidate_id, interval_minutes, interval_start_at
-- units:  amounts in `currency`
-- restates: campaign_id, local_on of staging.touched_days
WITH gifts_placed AS (
    SELECT
        d.*,
        l.interval_minutes,
        CASE l.interval_minutes WHEN 1440 THEN y.starts_at ELSE time_bucket(INTERVAL 1 HOUR, d.occurred_at, y.starts_at) END AS interval_start_at
    FROM staging.donations AS d
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    INNER JOIN staging.days AS y USING (campaign_id, local_on)
    CROSS JOIN (VALUES (60), (1440)) AS l (interval_minutes)
    -- A day's gift has no hour.
    WHERE NOT d.is_memo AND (l.interval_minutes = 1440 OR d.precision IN ('instant', 'minute', 'hour'))
)

SELECT
    g.campaign_id,
    g.local_on,
    g.source_id,
    coalesce(g.candidate_id, 'ALL') AS candidate_id,
    g.interval_minutes,
    g.interval_start_at,
    min(g.currency) AS currency,
    count(*) FILTER (WHERE g.amount > 0) AS gifts,
    coalesce(sum(g.amount) FILTER (WHERE g.amount > 0), 0)::DECIMAL(18, 2) AS amount,
    avg(g.amount) FILTER (WHERE g.amount > 0) AS mean_gift,
    median(g.amount) FILTER (WHERE g.amount > 0) AS median_gift,
    count(*) FILTER (WHERE g.amount > 0 AND g.amount <= c.small_gift_max) AS small_gifts,
    count(*) FILTER (WHERE g.amount < 0) AS refunds,
    coalesce(-sum(g.amount) FILTER (WHERE g.amount < 0), 0)::DECIMAL(18, 2) AS refunded_amount
FROM gifts_placed AS g
INNER JOIN staging.campaigns AS c USING (campaign_id)
GROUP BY g.campaign_id, g.local_on, g.source_id, coalesce(g.candidate_id, 'ALL'), g.interval_minutes, g.interval_start_at
