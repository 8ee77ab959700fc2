-- Gifts of a source in an hour or a local day.
-- grain:  one row for each source, candidate, currency and interval that has a gift or a refund
-- key:    campaign_id, source_id, candidate_id, currency, interval_minutes, interval_start_at
-- units:  amounts in `currency`; once_* leaves recurring charges out: a nightly batch is no event
-- restates: campaign_id, local_on of staging.touched_days
WITH gifts_gone_back AS (
    SELECT d.*, (d.refunded_at AT TIME ZONE c.timezone)::DATE AS refunded_on, d.donation_id || '/refund' AS refund_id
    FROM staging.donations AS d
    INNER JOIN staging.campaigns AS c USING (campaign_id)
    WHERE d.refunded_at IS NOT NULL AND d.amount > 0 AND NOT d.is_memo
        AND (d.campaign_id, (d.refunded_at AT TIME ZONE c.timezone)::DATE) IN (SELECT (campaign_id, local_on) FROM staging.touched_days)
),

refunds_told AS (
    SELECT d.campaign_id, d.source_id, d.donation_id AS refund_id
    FROM staging.donations AS d
    SEMI JOIN gifts_gone_back AS g ON d.campaign_id = g.campaign_id AND d.source_id = g.source_id AND d.donation_id = g.refund_id
),

money_moved AS (
    SELECT
        d.campaign_id, d.local_on, d.source_id, d.candidate_id, d.occurred_at, d.precision, d.amount, d.currency, d.gift_kind,
        d.donation_id, d.donor_key, coalesce(list_contains(d.flags, 'refund'), false) AS is_refund
    FROM staging.donations AS d
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    WHERE NOT d.is_memo
    UNION ALL BY NAME
    -- A gift that went back is a refund on the day it went, told once also where an export of refunds tells of it.
    SELECT
        campaign_id, refunded_on AS local_on, source_id, candidate_id, refunded_at AS occurred_at,
        precision, -amount AS amount, currency, gift_kind, donation_id, NULL AS donor_key, true AS is_refund
    FROM gifts_gone_back
    ANTI JOIN refunds_told USING (campaign_id, source_id, refund_id)
),

money_placed AS (
    SELECT
        m.*,
        amount > 0 AND NOT is_refund AS is_gift,
        f.donation_id IS NOT NULL AND NOT is_refund AS is_first,
        l.interval_minutes,
        CASE l.interval_minutes WHEN 1440 THEN y.starts_at ELSE time_bucket(INTERVAL 1 HOUR, m.occurred_at, y.starts_at) END AS interval_start_at
    FROM money_moved AS m
    INNER JOIN staging.days AS y USING (campaign_id, local_on)
    LEFT JOIN staging.donor_firsts AS f USING (campaign_id, source_id, donation_id)
    CROSS JOIN (VALUES (60), (1440)) AS l (interval_minutes)
    -- A day's gift has no hour.
    WHERE l.interval_minutes = 1440 OR m.precision IN ('instant', 'minute', 'hour')
)

SELECT
    g.campaign_id,
    g.local_on,
    g.source_id,
    coalesce(g.candidate_id, 'ALL') AS candidate_id,
    g.interval_minutes,
    g.interval_start_at,
    g.currency,
    count(*) FILTER (WHERE g.is_gift) AS gifts,
    coalesce(sum(g.amount) FILTER (WHERE g.is_gift), 0)::DECIMAL(18, 2) AS amount,
    avg(g.amount) FILTER (WHERE g.is_gift) AS mean_gift,
    median(g.amount) FILTER (WHERE g.is_gift) AS median_gift,
    count(*) FILTER (WHERE g.is_gift AND g.amount <= c.small_gift_max) AS small_gifts,
    CASE WHEN count(g.donor_key) FILTER (WHERE g.is_gift) > 0 THEN count(*) FILTER (WHERE g.is_gift AND g.is_first) END AS new_donors,
    count(*) FILTER (WHERE g.is_gift AND g.gift_kind != 'recurring') AS once_gifts,
    coalesce(sum(g.amount) FILTER (WHERE g.is_gift AND g.gift_kind != 'recurring'), 0)::DECIMAL(18, 2) AS once_amount,
    count(*) FILTER (WHERE g.is_gift AND g.gift_kind != 'recurring' AND g.amount <= c.small_gift_max) AS once_small_gifts,
    count(*) FILTER (WHERE g.amount < 0) AS refunds,
    coalesce(-sum(g.amount) FILTER (WHERE g.amount < 0), 0)::DECIMAL(18, 2) AS refunded_amount,
    -- A refund that was itself taken back lies above zero. It is no gift.
    count(*) FILTER (WHERE g.amount > 0 AND g.is_refund) AS refunds_taken_back
FROM money_placed AS g
INNER JOIN staging.campaigns AS c USING (campaign_id)
GROUP BY g.campaign_id, g.local_on, g.source_id, coalesce(g.candidate_id, 'ALL'), g.currency, g.interval_minutes, g.interval_start_at
