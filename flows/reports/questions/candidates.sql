SELECT candidate_id, name FROM facts.candidates WHERE campaign_id = $campaign_id ORDER BY name
