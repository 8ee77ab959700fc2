-- Gifts that landed, and gifts of files that were withdrawn or imported again.
-- grain:  one row for each gift of each source
-- key:    campaign_id, source_id, donation_id
-- units:  none
WITH files_changed AS NOT MATERIALIZED (
    SELECT campaign_id, source_id, file_sha256 FROM raw.withdrawals
    WHERE load_id > getvariable('last_built')
    UNION
    SELECT campaign_id, source_id, file_sha256 FROM raw.imported_files
    WHERE load_id > getvariable('last_built')
)

SELECT DISTINCT campaign_id, source_id, donation_id
FROM raw.donations
WHERE load_id > getvariable('last_built')
UNION
SELECT DISTINCT d.campaign_id, d.source_id, d.donation_id
FROM raw.donations AS d
SEMI JOIN files_changed USING (campaign_id, source_id, file_sha256)
