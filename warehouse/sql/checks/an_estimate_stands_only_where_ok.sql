-- A share beside a status that says there is none.
-- grain:  one row for each wrong share
-- key:    campaign_id, candidate_id, source_kind, event_id, horizon_minutes
-- units:  share 0 to 1
SELECT campaign_id, candidate_id, source_kind, event_id, horizon_minutes, status, share
FROM metrics.share_of_voice
WHERE (status = 'ok') != (share IS NOT NULL) OR share NOT BETWEEN 0 AND 1
