-- A count or sum below zero: refunds are counted apart, never netted.
-- grain:  one row for each wrong interval
-- key:    campaign_id, candidate_id, source, interval_minutes, interval_start_at
-- units:  counts and amounts
SELECT campaign_id, candidate_id, source_id AS source, interval_minutes, interval_start_at
FROM metrics.donation_by_interval
WHERE amount < 0 OR gifts < 0 OR refunded_amount < 0
UNION ALL
SELECT campaign_id, candidate_id, source_kind, interval_minutes, interval_start_at
FROM metrics.buzz_by_interval
WHERE mentions < 0
