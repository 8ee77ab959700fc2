-- Gifts to a candidate, or through a whole platform, in an interval, as counted.
-- grain:  one row for each source, candidate and observed hour or local day, and one more for each other currency that its rows name there; a gap is no row
-- key:    campaign_id, candidate_id, source_id, currency, interval_minutes, interval_start_at
-- units:  amounts in `currency`; several sources of a campaign stand side by side and must not be added
-- restates: campaign_id, local_on of staging.touched_days
-- column gifts: Gifts with an amount above zero, memo rows left out; NULL where the source gives sums only.
-- column amount: Sum of the gifts.
-- column mean_gift: Mean gift.
-- column median_gift: Median gift.
-- column small_gifts: Gifts of at most the campaign's small_gift_max.
-- column new_donors: Donors never seen before in this source; NULL where donors are not known; flag left_censored in the source's first 90 days, when everybody looks new.
-- column refunds: Refunds and redesignations, counted apart and never netted.
-- column refunded_amount: Their sum, as a positive amount.
WITH money_assembled AS (
    SELECT
        campaign_id, local_on, source_id, candidate_id, interval_minutes, interval_start_at, currency, amount, gifts,
        NULL::DOUBLE AS mean_gift, NULL::DOUBLE AS median_gift, NULL::BIGINT AS small_gifts,
        NULL::BIGINT AS new_donors, NULL::BIGINT AS refunds, NULL::DECIMAL(18, 2) AS refunded_amount, false AS has_refunds_taken_back, is_apportioned
    FROM staging.totals_placed
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    UNION ALL BY NAME
    SELECT * EXCLUDE (once_gifts, once_amount, once_small_gifts, refunds_taken_back),
        refunds_taken_back > 0 AS has_refunds_taken_back, false AS is_apportioned
    FROM staging.gifts_counted
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
),

sources_giving AS (
    SELECT s.campaign_id, s.source_id, s.precision, s.currency, s.is_synthetic, g.candidate_id, false AS is_other_currency
    FROM staging.sources AS s
    INNER JOIN staging.candidates_given AS g USING (campaign_id, source_id)
    WHERE s.source_kind = 'donations'
    UNION ALL BY NAME
    -- Two currencies are never added: rows in another one stand beside the source's own.
    SELECT DISTINCT s.campaign_id, s.source_id, s.precision, m.currency, s.is_synthetic, m.candidate_id, true AS is_other_currency
    FROM staging.sources AS s
    INNER JOIN money_assembled AS m ON s.campaign_id = m.campaign_id AND s.source_id = m.source_id AND s.currency != m.currency
    WHERE s.source_kind = 'donations'
)

SELECT
    k.campaign_id,
    k.local_on,
    s.candidate_id,
    s.source_id,
    s.precision,
    k.interval_start_at,
    k.interval_minutes,
    CASE WHEN s.precision = 'interval' THEN m.gifts ELSE coalesce(m.gifts, 0) END AS gifts,
    coalesce(m.amount, 0)::DECIMAL(18, 2) AS amount,
    s.currency,
    m.mean_gift::DECIMAL(18, 2) AS mean_gift,
    m.median_gift::DECIMAL(18, 2) AS median_gift,
    -- What is small is said in the campaign's currency.
    CASE
        WHEN s.currency != c.campaign_currency THEN NULL
        WHEN s.precision = 'interval' THEN m.small_gifts
        ELSE coalesce(m.small_gifts, 0)
    END AS small_gifts,
    CASE WHEN h.known_from_on IS NOT NULL AND coalesce(m.gifts, 0) = 0 THEN 0 ELSE m.new_donors END AS new_donors,
    CASE WHEN s.precision = 'interval' THEN m.refunds ELSE coalesce(m.refunds, 0) END AS refunds,
    CASE WHEN s.precision = 'interval' THEN m.refunded_amount ELSE coalesce(m.refunded_amount, 0) END::DECIMAL(18, 2) AS refunded_amount,
    k.coverage,
    list_filter([
        CASE WHEN m.is_apportioned THEN 'apportioned' END,
        CASE WHEN k.local_on < h.censored_until_on THEN 'left_censored' END,
        CASE WHEN s.is_other_currency THEN 'other_currency' END,
        CASE WHEN m.has_refunds_taken_back THEN 'refunds_taken_back' END,
        CASE WHEN s.is_synthetic THEN 'synthetic' END
    ], lambda flag : flag IS NOT NULL) AS flags
FROM staging.coverage_by_source AS k
SEMI JOIN staging.touched_days USING (campaign_id, local_on)
INNER JOIN sources_giving AS s USING (campaign_id, source_id)
LEFT JOIN (SELECT campaign_id, currency AS campaign_currency FROM staging.campaigns) AS c USING (campaign_id)
LEFT JOIN money_assembled AS m USING (campaign_id, source_id, candidate_id, currency, interval_minutes, interval_start_at)
LEFT JOIN staging.donor_histories AS h USING (campaign_id, source_id)
WHERE k.interval_minutes >= 60
    AND k.coverage IS DISTINCT FROM 0
    -- A metric finer than its data is no number.
    AND (k.interval_minutes = 1440 OR s.precision != 'day')
    -- A source of sums is silent of the spans that it gives no sum for: that is no zero.
    AND (m.amount IS NOT NULL OR (s.precision != 'interval' AND NOT s.is_other_currency))
