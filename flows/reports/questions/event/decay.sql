SELECT * EXCLUDE (campaign_id, event_id) FROM metrics.buzz_decay
WHERE campaign_id = $campaign_id AND event_id = $event_id
ORDER BY source_kind, candidate_id
