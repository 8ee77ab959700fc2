WITH series AS (
    SELECT DISTINCT s.source_id, coalesce(d.candidate_id, s.candidate_id, 'ALL') AS candidate_id
    FROM facts.sources AS s
    LEFT JOIN metrics.donations_daily AS d USING (campaign_id, source_id)
    WHERE s.campaign_id = $campaign_id AND s.source_kind = 'donations'
)

SELECT
    c.local_on, c.source_id AS series, s.candidate_id, d.amount, d.currency, c.coverage, coalesce(d.flags, []) AS flags
FROM metrics.coverage AS c
INNER JOIN series AS s USING (source_id)
LEFT JOIN metrics.donations_daily AS d USING (campaign_id, source_id, candidate_id, local_on)
WHERE c.campaign_id = $campaign_id AND c.interval_minutes = 1440
ORDER BY c.source_id, s.candidate_id, c.local_on
