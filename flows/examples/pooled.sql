-- What do all debates say together?
SELECT source_id, metric, horizon_minutes / 60 AS hours, n_events, rr, rr_low, rr_high, verdict
FROM debate_donation_effect
WHERE event_id = 'ALL' AND horizon_minutes > 0
ORDER BY source_id, metric, hours
