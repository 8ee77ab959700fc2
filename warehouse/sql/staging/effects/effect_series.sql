-- What the estimator is given: a series of counts or amounts with the coverage of each row; also what `effects --export` hands out.
-- grain:  one row for each series and observed interval: hours, and local days where the source tells no hour
-- key:    campaign_id, outcome, source_kind, scope, source_id, candidate_id, interval_minutes, interval_start_at
-- units:  amount in mentions, gifts, sign-ups, or the source's currency; coverage 0 to 1, NULL = unknown
-- restates: campaign_id, local_on of staging.touched_days
-- column outcome: mentions; the metric of gifts: count, amount, small_count, new_donors; what people signed up for: rsvp, volunteer, member, list, other.
-- column is_sampled: coverage is that of a constant sample, which is not known but assumed.
-- column value: What was counted in the interval.
WITH sums_by_the_day AS (
    SELECT campaign_id, source_id FROM raw.donation_totals GROUP BY campaign_id, source_id HAVING min(interval_minutes) > 60
),

money_series AS (
    SELECT m.*, g.once_gifts, g.once_amount, g.once_small_gifts
    FROM staging.money_counted AS m
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    LEFT JOIN staging.gifts_counted AS g
        ON m.campaign_id = g.campaign_id AND m.source_id = g.source_id AND m.candidate_id = g.candidate_id
        AND m.currency = g.currency AND m.interval_minutes = g.interval_minutes AND m.interval_start_at = g.interval_start_at
    LEFT JOIN sums_by_the_day AS s ON m.campaign_id = s.campaign_id AND m.source_id = s.source_id
    WHERE m.interval_minutes = CASE WHEN m.precision = 'day' OR s.source_id IS NOT NULL THEN 1440 ELSE 60 END
        -- A series has one currency, its source's own.
        AND list_contains(m.flags, 'other_currency') IS NOT TRUE
),

-- Recurring charges post in nightly batches: they are no event, and are left out of effects.
money_unpivoted AS (
    SELECT *, 'count' AS outcome, CASE WHEN precision = 'interval' THEN gifts ELSE coalesce(once_gifts, 0) END::DOUBLE AS value
    FROM money_series
    UNION ALL BY NAME
    SELECT *, 'amount' AS outcome, CASE WHEN precision = 'interval' THEN amount ELSE coalesce(once_amount, 0) END::DOUBLE AS value
    FROM money_series
    UNION ALL BY NAME
    SELECT *, 'small_count' AS outcome, CASE WHEN precision != 'interval' AND small_gifts IS NOT NULL THEN coalesce(once_small_gifts, 0) END::DOUBLE AS value
    FROM money_series
    UNION ALL BY NAME
    SELECT *, 'new_donors' AS outcome, new_donors::DOUBLE AS value
    FROM money_series
    -- In a source's first 90 days everybody looks new.
    WHERE NOT list_contains(flags, 'left_censored')
)

SELECT campaign_id, local_on, 'mentions' AS outcome, source_kind, scope, '' AS source_id, '' AS precision, candidate_id,
    interval_minutes, interval_start_at, mentions::DOUBLE AS value, coalesce(coverage, assumed_coverage) AS coverage, list_contains(flags, 'synthetic') AS is_synthetic,
    list_contains(flags, 'constant_sampling') AS is_sampled
FROM staging.buzz_counted
SEMI JOIN staging.touched_days USING (campaign_id, local_on)
WHERE interval_minutes = 60
UNION ALL BY NAME
SELECT campaign_id, local_on, outcome, 'donations' AS source_kind, '' AS scope, source_id, precision, candidate_id,
    interval_minutes, interval_start_at, value, coverage, list_contains(flags, 'synthetic') AS is_synthetic, false AS is_sampled
FROM money_unpivoted
WHERE value IS NOT NULL
UNION ALL BY NAME
SELECT campaign_id, local_on, what AS outcome, 'signups' AS source_kind, '' AS scope, source_id, precision, candidate_id,
    interval_minutes, interval_start_at, signups::DOUBLE AS value, coverage, list_contains(flags, 'synthetic') AS is_synthetic, false AS is_sampled
FROM staging.signups_counted
SEMI JOIN staging.touched_days USING (campaign_id, local_on)
WHERE interval_minutes = CASE WHEN precision = 'day' THEN 1440 ELSE 60 END
