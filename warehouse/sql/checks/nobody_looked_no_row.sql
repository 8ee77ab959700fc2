-- A count for an interval that nobody observed: it would be read as silence.
-- grain:  one row for each wrong interval
-- key:    campaign_id, candidate_id, source, interval_minutes, interval_start_at
-- units:  coverage 0 to 1
SELECT campaign_id, candidate_id, source_kind AS source, interval_minutes, interval_start_at
FROM metrics.buzz_by_interval
WHERE coverage = 0
UNION ALL
SELECT campaign_id, candidate_id, source_id, interval_minutes, interval_start_at
FROM metrics.donation_by_interval
WHERE coverage = 0
