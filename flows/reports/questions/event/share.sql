SELECT
    candidate_id, source_kind AS series, horizon_minutes, mentions, total_mentions, share, ci_low, ci_high, change,
    CASE WHEN share > 0 AND share < 1 THEN 1 / (1 + exp(change - ln(share / (1 - share)))) END AS share_before, p_placebo, coverage, status, flags, run_id
FROM metrics.share_of_voice
WHERE campaign_id = $campaign_id AND event_id = $event_id
ORDER BY source_kind, horizon_minutes, candidate_id
