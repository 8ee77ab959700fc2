-- Every day of a campaign where a donation source names a candidate for the first time, or a file was taken back: silent days speak of him too.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH names_landed AS (
    SELECT campaign_id, source_id, coalesce(candidate_id, 'ALL') AS candidate_id FROM raw.donations
    WHERE load_id > getvariable('last_built')
    UNION
    SELECT campaign_id, source_id, coalesce(candidate_id, 'ALL') FROM raw.donation_totals
    WHERE load_id > getvariable('last_built')
    UNION
    SELECT campaign_id, source_id, coalesce(candidate_id, 'ALL') FROM raw.ticker_readings
    WHERE load_id > getvariable('last_built')
),

campaigns_concerned AS (
    SELECT campaign_id FROM names_landed ANTI JOIN staging.candidates_given USING (campaign_id, source_id, candidate_id)
    UNION
    SELECT campaign_id FROM raw.withdrawals
    WHERE load_id > getvariable('last_built')
)

SELECT campaign_id, local_on
FROM staging.days
SEMI JOIN campaigns_concerned USING (campaign_id)
