SELECT
    s.source_id, s.source_kind, s.scope, s.territory, s.candidate_id, s.precision, s.currency, s.coverage AS told,
    s.is_synthetic, h.last_attempt_at, h.last_seen_at, h.last_outcome, h.last_reason, h.set_aside,
    count(c.coverage) FILTER (WHERE c.coverage = 1) AS hours_whole,
    count(c.coverage) FILTER (WHERE c.coverage > 0 AND c.coverage < 1) AS hours_partial,
    count(c.coverage) FILTER (WHERE c.coverage = 0) AS hours_unseen,
    count(*) FILTER (WHERE c.source_id IS NOT NULL AND c.coverage IS NULL) AS hours_unknown
FROM facts.sources AS s
LEFT JOIN facts.source_health AS h USING (campaign_id, source_id)
LEFT JOIN metrics.coverage AS c
    ON s.campaign_id = c.campaign_id AND s.source_id = c.source_id AND c.interval_minutes = 60
WHERE s.campaign_id = $campaign_id
GROUP BY ALL
ORDER BY any_value(s.source_kind = 'donations') DESC, s.source_kind, s.source_id
