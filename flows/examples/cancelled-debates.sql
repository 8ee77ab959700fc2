-- Does the estimator see an effect where there was no debate?
SELECT e.title, d.horizon_minutes / 60 AS hours, d.rr, d.rr_low, d.rr_high, d.verdict
FROM debate_donation_effect AS d
INNER JOIN facts.events AS e USING (campaign_id, event_id)
WHERE NOT e.is_held AND d.horizon_minutes > 0
ORDER BY hours
