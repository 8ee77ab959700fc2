-- How much came in within four hours of each debate, and was all of it seen?
SELECT e.event_id, e.title, d.source_id, d.candidate_id, sum(d.amount) AS amount, min(d.coverage) AS least_coverage
FROM facts.events AS e
INNER JOIN donations_hourly AS d
    ON e.campaign_id = d.campaign_id AND d.interval_start_at >= e.starts_at
    AND d.interval_start_at < e.starts_at + INTERVAL 4 HOUR
WHERE e.event_kind = 'debate'
GROUP BY ALL
ORDER BY min(e.starts_at)
