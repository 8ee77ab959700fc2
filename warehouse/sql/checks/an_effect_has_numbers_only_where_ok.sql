-- An effect, half-life or timing beside a status that says there is none, or an ok (or so_far) without its numbers.
-- grain:  one row for each wrong row
-- key:    campaign_id, candidate_id, what, event_id, horizon_minutes
-- units:  rr a ratio
SELECT campaign_id, candidate_id, source_kind || '/' || scope AS what, event_id, horizon_minutes, status, rr
FROM metrics.debate_buzz_effect
WHERE (status IN ('ok', 'so_far')) != (rr IS NOT NULL AND rr_low IS NOT NULL
    -- The excess of a sample is not the world's.
    AND (excess_low IS NOT NULL OR list_contains(flags, 'constant_sampling')) AND mde80 IS NOT NULL)
UNION ALL
SELECT campaign_id, candidate_id, source_id || '/' || metric, event_id, horizon_minutes, status, rr
FROM metrics.debate_donation_effect
WHERE (status IN ('ok', 'so_far')) != (rr IS NOT NULL AND rr_low IS NOT NULL AND excess_low IS NOT NULL AND mde80 IS NOT NULL)
UNION ALL
SELECT campaign_id, candidate_id, source_kind, event_id, NULL, status, half_life_h
FROM metrics.buzz_decay
WHERE (status = 'ok') != (half_life_h IS NOT NULL)
UNION ALL
SELECT campaign_id, candidate_id, source_id, event_id, NULL, status, median_net_h
FROM metrics.donation_timing
WHERE (status = 'ok') != (median_net_h IS NOT NULL)
