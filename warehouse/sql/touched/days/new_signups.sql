-- The days of sources of sign-ups of which rows landed or were taken back: who was first may change on any of them.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH sources_changed AS (
    SELECT campaign_id, source_id FROM raw.signups WHERE load_id > getvariable('last_built')
    UNION
    SELECT campaign_id, source_id FROM raw.withdrawals WHERE load_id > getvariable('last_built')
)

SELECT campaign_id, signed_up_on AS local_on
FROM raw.signups
SEMI JOIN sources_changed USING (campaign_id, source_id)
