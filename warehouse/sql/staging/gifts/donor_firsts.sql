-- The first gift of a donor that a source knows of.
-- grain:  one row for each donor of each source
-- key:    campaign_id, source_id, donor_key
-- units:  local_on a day of the campaign's zone; of gifts of one day the earliest, then the lowest id
-- restates: campaign_id, source_id, donor_key of staging.touched_donors
SELECT
    d.campaign_id,
    d.source_id,
    d.donor_key,
    arg_min(d.donation_id, (d.local_on, d.occurred_at, d.donation_id)) AS donation_id,
    min(d.local_on) AS local_on
FROM staging.donations AS d
SEMI JOIN staging.touched_donors USING (campaign_id, source_id, donor_key)
WHERE d.donor_key IS NOT NULL AND d.amount > 0 AND NOT d.is_memo AND NOT coalesce(list_contains(d.flags, 'refund'), false)
GROUP BY d.campaign_id, d.source_id, d.donor_key
