-- The days on which gifts went back: of gifts that landed, of their earlier versions, and of gifts whose refund landed as a row of its own.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH gifts_landed AS NOT MATERIALIZED (
    SELECT campaign_id, source_id, donation_id, refunded_at FROM raw.donations
    WHERE load_id > getvariable('last_built')
    UNION ALL
    SELECT d.campaign_id, d.source_id, d.donation_id, d.refunded_at
    FROM raw.donations AS d
    SEMI JOIN (
        SELECT campaign_id, source_id, file_sha256 FROM raw.withdrawals
        WHERE load_id > getvariable('last_built')
    ) AS w USING (campaign_id, source_id, file_sha256)
),

refunds_concerned AS (
    SELECT campaign_id, refunded_at FROM gifts_landed
    UNION
    SELECT d.campaign_id, d.refunded_at
    FROM staging.donations AS d
    SEMI JOIN (
        SELECT campaign_id, source_id, regexp_replace(donation_id, '/refund$', '') AS donation_id FROM gifts_landed
    ) AS g USING (campaign_id, source_id, donation_id)
    WHERE d.refunded_at IS NOT NULL
)

SELECT r.campaign_id, (r.refunded_at AT TIME ZONE c.timezone)::DATE AS local_on
FROM refunds_concerned AS r
INNER JOIN staging.campaigns AS c USING (campaign_id)
WHERE r.refunded_at IS NOT NULL
