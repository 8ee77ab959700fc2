SELECT
    'money' AS outcome, d.source_id AS series, 'national' AS scope, d.metric, d.candidate_id, d.event_id, d.event_kind,
    d.horizon_minutes, d.window_start_at, d.window_end_at, d.observed, d.expected, d.excess, d.excess_low,
    d.excess_high, d.rr, d.rr_low, d.rr_high, d.p, d.p_placebo, d.q_bh, d.mde80, d.n_placebo, d.n_events, d.verdict,
    d.coverage, d.status, d.flags, d.run_id
FROM metrics.debate_donation_effect AS d
WHERE d.campaign_id = $campaign_id
UNION ALL
SELECT
    'buzz', b.source_kind, b.scope, 'mentions', b.candidate_id, b.event_id, b.event_kind,
    b.horizon_minutes, b.window_start_at, b.window_end_at, b.observed, b.expected, b.excess, b.excess_low,
    b.excess_high, b.rr, b.rr_low, b.rr_high, b.p, b.p_placebo, b.q_bh, b.mde80, b.n_placebo, b.n_events, b.verdict,
    b.coverage, b.status, b.flags, b.run_id
FROM metrics.debate_buzz_effect AS b
WHERE b.campaign_id = $campaign_id
ORDER BY outcome DESC, series, scope, metric, candidate_id, event_id, horizon_minutes
