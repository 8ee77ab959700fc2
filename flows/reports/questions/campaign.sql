SELECT * FROM facts.campaigns WHERE campaign_id = $campaign_id
