SELECT
    CASE WHEN source_id IS NULL THEN 'buzz' ELSE 'money' END AS outcome, coalesce(source_id, source_kind) AS series,
    coalesce(scope, 'national') AS scope, metric, candidate_id, horizon_minutes, rr, quiet_starts_at, quiet_rr, status, flags
FROM metrics.effect_placebos
WHERE campaign_id = $campaign_id AND event_id = $event_id AND horizon_minutes > 0 AND metric != 'count'
ORDER BY outcome DESC, series, scope, candidate_id, horizon_minutes
