SELECT campaign_id, title FROM facts.campaigns ORDER BY title, campaign_id
