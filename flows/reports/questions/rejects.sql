SELECT source_id, what, reason, count(*) AS times, min(line_number) AS first_line, max(seen_at) AS last_seen_at
FROM facts.rejects
WHERE campaign_id = $campaign_id
GROUP BY ALL
ORDER BY times DESC, source_id, reason
LIMIT 200
