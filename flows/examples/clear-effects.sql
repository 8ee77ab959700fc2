-- Which effects are clear of chance?
SELECT event_id, candidate_id, source_id AS series, metric, horizon_minutes / 60 AS hours, excess, rr, rr_low, rr_high, q_bh
FROM debate_donation_effect
WHERE verdict = 'effect' AND horizon_minutes > 0
UNION ALL
SELECT event_id, candidate_id, source_kind, 'mentions', horizon_minutes / 60, excess, rr, rr_low, rr_high, q_bh
FROM debate_buzz_effect
WHERE verdict = 'effect' AND horizon_minutes > 0
ORDER BY event_id, series, hours
