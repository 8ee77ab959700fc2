WITH event AS (
    SELECT campaign_id, starts_at FROM facts.events WHERE campaign_id = $campaign_id AND event_id = $event_id
)

SELECT
    b.source_kind AS series, b.scope, b.candidate_id, time_bucket(INTERVAL 5 MINUTE, b.interval_start_at) AS bin_at,
    sum(b.mentions) AS mentions, count(*) AS minutes_seen, any_value(b.flags) AS flags
FROM metrics.buzz_by_interval AS b
INNER JOIN event AS e USING (campaign_id)
WHERE b.interval_minutes = 1 AND b.interval_start_at >= e.starts_at - INTERVAL 1 HOUR
    AND b.interval_start_at < e.starts_at + INTERVAL 4 HOUR
GROUP BY ALL
HAVING count(*) = 5  -- a bin seen in part would look like fewer mentions
ORDER BY ALL
