SELECT source_id, candidate_id, currency, interval_start_at, amount, expected
FROM metrics.donations_hourly
WHERE campaign_id = $campaign_id AND coverage = 1
ORDER BY source_id, candidate_id, interval_start_at
