-- A coverage below 0 or above 1: seconds were counted twice.
-- grain:  one row for each wrong interval
-- key:    campaign_id, source_id, interval_minutes, interval_start_at
-- units:  coverage 0 to 1
SELECT campaign_id, source_id, interval_minutes, interval_start_at, coverage
FROM metrics.coverage
WHERE coverage NOT BETWEEN 0 AND 1 OR observed > due + 1
