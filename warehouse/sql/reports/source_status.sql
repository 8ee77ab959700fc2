-- How each source has been doing, as far as it is published.
-- grain:  one row for each source
-- key:    campaign_id, source_id
-- units:  times in UTC; hours_unseen and hours_unknown in hours of the season so far
SELECT
    h.campaign_id,
    h.source_id,
    h.source_kind,
    s.source_key,
    h.is_synthetic,
    h.last_attempt_at,
    h.last_seen_at,
    h.last_outcome,
    h.last_reason,
    h.failures_in_a_row,
    h.set_aside,
    h.set_aside_mostly,
    count(c.interval_start_at) FILTER (WHERE c.coverage = 0) AS hours_unseen,
    count(c.interval_start_at) FILTER (WHERE c.coverage IS NULL) AS hours_unknown
FROM facts.source_health AS h
INNER JOIN facts.sources AS s USING (campaign_id, source_id)
LEFT JOIN metrics.coverage AS c
    ON h.campaign_id = c.campaign_id AND h.source_id = c.source_id AND c.interval_minutes = 60
GROUP BY ALL
ORDER BY h.campaign_id, h.source_kind, h.source_id
