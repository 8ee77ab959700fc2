-- What events did to mentions and to money, by the estimator: the published effect rows that a person reads first.
-- grain:  one row for each measure, event, series and window length
-- key:    campaign_id, measure, event_id, series, scope, candidate_id, horizon_minutes
-- units:  observed and expected in mentions, or in `currency` of the donation source; rr a ratio
WITH effects AS (
    SELECT
        campaign_id, 'mentions' AS measure, event_id, source_kind AS series, scope, candidate_id, horizon_minutes,
        observed, expected, rr, rr_low, rr_high, verdict, status, flags
    FROM metrics.debate_buzz_effect
    WHERE source_kind != 'ALL'
    UNION ALL
    SELECT
        campaign_id, 'money', event_id, source_id, NULL, candidate_id, horizon_minutes,
        observed, expected, rr, rr_low, rr_high, verdict, status, flags
    FROM metrics.debate_donation_effect
    WHERE metric = 'amount'
)

SELECT
    campaign_id,
    measure,
    event_id,
    series,
    scope,
    candidate_id,
    horizon_minutes,
    observed,
    expected,
    rr,
    rr_low,
    rr_high,
    verdict,
    status,
    list_contains(flags, 'synthetic') AS is_synthetic,
    list_contains(flags, 'not_held') AS is_cancelled
FROM effects
ORDER BY campaign_id, measure, event_id, is_synthetic, series, scope DESC, candidate_id, horizon_minutes
