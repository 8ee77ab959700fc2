-- A mention of somebody who is not on the campaign's roster.
-- grain:  one row for each wrong mention
-- key:    campaign_id, source_kind, item_id, candidate_id
-- units:  none
SELECT m.campaign_id, m.source_kind, m.item_id, m.candidate_id
FROM staging.mentions AS m
SEMI JOIN staging.touched_days USING (campaign_id, local_on)
ANTI JOIN staging.candidates USING (campaign_id, candidate_id)
