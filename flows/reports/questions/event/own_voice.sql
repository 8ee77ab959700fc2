SELECT o.* EXCLUDE (campaign_id)
FROM metrics.own_voice AS o
INNER JOIN facts.events AS e ON o.campaign_id = e.campaign_id AND e.event_id = $event_id
WHERE o.campaign_id = $campaign_id AND e.starts_at >= o.period_start_at AND e.starts_at < o.period_end_at
ORDER BY o.candidate_id, o.source_kind
