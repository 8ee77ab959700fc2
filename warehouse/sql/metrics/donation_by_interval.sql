-- Gifts to a candidate, or through a whole platform, in an interval.
-- grain:  one row for each source, candidate and observed hour or local day, and one more for each other currency that its rows name there; a gap is no row. Sources that are declared disjoint are one more source, their ids joined by +
-- key:    campaign_id, candidate_id, source_id, currency, interval_minutes, interval_start_at
-- units:  amounts in `currency`; several sources of a campaign stand side by side and must not be added, nor must those beside their sum
-- restates: campaign_id, local_on of staging.restated_days
-- column gifts: Gifts with an amount above zero, memo rows left out; NULL where the source gives sums only.
-- column amount: Sum of the gifts.
-- column mean_gift: Mean gift.
-- column median_gift: Median gift.
-- column small_gifts: Gifts of at most the campaign's small_gift_max.
-- column new_donors: Donors never seen before in this source; NULL where donors are not known; flag left_censored in the source's first 90 days, when everybody looks new.
-- column refunds: Refunds and redesignations, counted apart and never netted.
-- column refunded_amount: Their sum, as a positive amount.
-- column ratio: amount / expected.
WITH money AS (
    SELECT
        *,
        -- Nothing is expected of rows in another currency. Said in the join itself, that would have every row tried with every other.
        CASE WHEN list_contains(flags, 'other_currency') IS NOT TRUE THEN source_id END AS estimated_source_id
    FROM (FROM staging.money_counted UNION ALL BY NAME FROM staging.money_summed)
    SEMI JOIN staging.restated_days USING (campaign_id, local_on)
)

SELECT
    m.campaign_id,
    m.local_on,
    m.candidate_id,
    m.source_id,
    m.precision,
    m.interval_start_at,
    m.interval_minutes,
    m.gifts,
    m.amount,
    m.currency,
    m.mean_gift,
    m.median_gift,
    m.small_gifts,
    m.new_donors,
    m.refunds,
    m.refunded_amount,
    b.expected,
    m.amount::DOUBLE / nullif(b.expected, 0) AS ratio,
    m.coverage,
    coalesce(b.status, 'not_estimated') AS status,
    m.flags,
    r.run_id
FROM money AS m
LEFT JOIN staging.baselines AS b
    ON b.metric = 'amount' AND m.campaign_id = b.campaign_id AND m.candidate_id = b.candidate_id AND m.estimated_source_id = b.source_id
    AND m.interval_minutes = b.interval_minutes AND m.interval_start_at = b.interval_start_at
CROSS JOIN staging.this_run AS r
