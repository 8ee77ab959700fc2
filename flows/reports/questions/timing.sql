SELECT t.* EXCLUDE (campaign_id) FROM metrics.donation_timing AS t WHERE t.campaign_id = $campaign_id
ORDER BY t.source_id, t.candidate_id, t.event_id
