-- Who had which share of the mentions after a debate?
SELECT event_id, source_kind, candidate_id, horizon_minutes / 60 AS hours, share, ci_low, ci_high
FROM share_of_voice
WHERE status = 'ok'
ORDER BY event_id, source_kind, hours, share DESC
