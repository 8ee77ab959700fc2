-- Donors of gifts that landed, of those gifts' earlier versions, and of files that were withdrawn or imported again.
-- grain:  one row for each donor of each source
-- key:    campaign_id, source_id, donor_key
-- units:  none
WITH gifts_landed AS NOT MATERIALIZED (
    SELECT campaign_id, source_id, donation_id, donor_key FROM raw.donations
    WHERE load_id > getvariable('last_built')
),

files_withdrawn AS NOT MATERIALIZED (
    SELECT campaign_id, source_id, file_sha256 FROM raw.withdrawals
    WHERE load_id > getvariable('last_built')
)

SELECT campaign_id, source_id, donor_key FROM gifts_landed WHERE donor_key IS NOT NULL
UNION
SELECT campaign_id, source_id, donor_key
FROM staging.donations
SEMI JOIN gifts_landed USING (campaign_id, source_id, donation_id)
WHERE donor_key IS NOT NULL
UNION
SELECT campaign_id, source_id, donor_key
FROM raw.donations
SEMI JOIN files_withdrawn USING (campaign_id, source_id, file_sha256)
WHERE donor_key IS NOT NULL
