-- When did nobody look, and why?
SELECT source_id, min(interval_start_at) AS from_at, max(interval_start_at) + INTERVAL 1 HOUR AS to_at, count(*) AS hours, reason
FROM coverage
WHERE interval_minutes = 60 AND coverage = 0
GROUP BY source_id, local_on, reason
ORDER BY hours DESC, source_id, from_at
LIMIT 20
