SELECT max(interval_start_at) + INTERVAL 1 HOUR AS data_through_at
FROM metrics.coverage
WHERE campaign_id = $campaign_id AND interval_minutes = 60 AND coverage IS DISTINCT FROM 0
