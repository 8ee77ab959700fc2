-- How many one-off gifts came in an interval and what they sum to, no gift above the 99th percentile of its source counting for more than that.
-- grain:  one row for each source, candidate and interval with a gift: hours, at each minute at which an event starts, or local days where the source tells no hour
-- key:    campaign_id, source_id, candidate_id, interval_minutes, anchor_minutes, interval_start_at
-- units:  capped_amount in the source's currency
-- restates: campaign_id of staging.touched_days
-- column anchor_minutes: Minutes from the hour that is counted from local midnight to the start; 0 for days.
-- column gifts: One-off gifts and first recurring ones; later charges of a recurring gift are no event.
-- column capped_amount: Their sum, each at most the 99th percentile of the source: a few large cheques must not decide a mean.
WITH gifts_standing AS (
    SELECT d.campaign_id, d.local_on, d.source_id, coalesce(d.candidate_id, 'ALL') AS candidate_id, d.occurred_at, d.precision, d.amount
    FROM staging.donations AS d
    SEMI JOIN staging.touched_days USING (campaign_id)
    -- A series has one currency, its source's own.
    INNER JOIN staging.sources AS s ON d.campaign_id = s.campaign_id AND d.source_id = s.source_id AND d.currency = s.currency
    WHERE NOT d.is_memo AND d.amount > 0 AND NOT coalesce(list_contains(d.flags, 'refund'), false) AND d.gift_kind != 'recurring'
),

caps AS (
    SELECT campaign_id, source_id, quantile_disc(amount, 0.99) AS cap FROM gifts_standing GROUP BY ALL
),

gifts_placed AS (
    SELECT
        g.campaign_id,
        g.source_id,
        g.candidate_id,
        CASE WHEN g.precision = 'day' THEN 1440 ELSE 60 END AS interval_minutes,
        a.anchor_minutes,
        CASE WHEN g.precision = 'day' THEN d.starts_at
            ELSE time_bucket(INTERVAL 1 HOUR, g.occurred_at, c.starts_at + to_minutes(a.anchor_minutes))
        END AS interval_start_at,
        least(g.amount, k.cap) AS amount
    FROM gifts_standing AS g
    INNER JOIN staging.campaigns AS c USING (campaign_id)
    INNER JOIN staging.days AS d USING (campaign_id, local_on)
    INNER JOIN caps AS k USING (campaign_id, source_id)
    -- A gift known by the hour or by the day lies on no other grid.
    INNER JOIN staging.event_anchors AS a ON g.campaign_id = a.campaign_id AND (a.anchor_minutes = 0 OR g.precision IN ('instant', 'minute'))
)

SELECT
    campaign_id,
    source_id,
    candidate_id,
    interval_minutes::INTEGER AS interval_minutes,
    anchor_minutes::INTEGER AS anchor_minutes,
    interval_start_at,
    count(*)::DOUBLE AS gifts,
    sum(amount)::DOUBLE AS capped_amount
FROM gifts_placed
GROUP BY ALL
