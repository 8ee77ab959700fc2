SELECT
    candidate_id, n_before, n_after, share_before, share_after, change, ci_low, ci_high, p, p_placebo, n_placebo, verdict,
    status, flags, run_id
FROM metrics.poll_change
WHERE campaign_id = $campaign_id AND event_id = $event_id
ORDER BY candidate_id
