SELECT c.* EXCLUDE (campaign_id) FROM metrics.claims AS c WHERE c.campaign_id = $campaign_id
ORDER BY try_cast(regexp_extract(c.claim_id, '\d+') AS INTEGER), c.claim_id
