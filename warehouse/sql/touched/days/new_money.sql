-- The days of gifts and totals that landed, the days of their other versions, and the days of withdrawn or re-imported files.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH files_changed AS (
    SELECT DISTINCT campaign_id, source_id, file_sha256
    FROM (
        SELECT campaign_id, source_id, file_sha256, load_id FROM raw.withdrawals
        UNION ALL
        SELECT campaign_id, source_id, file_sha256, load_id FROM raw.imported_files
    )
    WHERE load_id > getvariable('last_built')
),

files_spanned AS (
    -- What a file speaks of, and what it is declared to cover: silence inside that is data.
    SELECT f.campaign_id, least(f.rows_from_at, f.span_from_at) AS from_at, greatest(f.rows_to_at, f.span_to_at) AS to_at
    FROM raw.imported_files AS f
    SEMI JOIN files_changed USING (campaign_id, source_id, file_sha256)
),

gifts_changed AS (
    SELECT campaign_id, source_id, donation_id FROM raw.donations
    -- At the first build no gift has an earlier version.
    WHERE load_id > getvariable('last_built') AND getvariable('last_built') > 0
    UNION
    SELECT campaign_id, source_id, donation_id FROM raw.donations
    SEMI JOIN files_changed USING (campaign_id, source_id, file_sha256)
    WHERE load_id <= getvariable('last_built')
)

SELECT d.campaign_id, d.local_on
FROM files_spanned AS f
INNER JOIN staging.days AS d ON f.campaign_id = d.campaign_id AND d.starts_at <= f.to_at AND d.ends_at > f.from_at
UNION
SELECT campaign_id, occurred_on AS local_on
FROM raw.donations
WHERE load_id > getvariable('last_built')
UNION
-- Every version's day: a gift leaves one day for another, and goes back when a file is taken back.
SELECT campaign_id, occurred_on
FROM raw.donations
SEMI JOIN gifts_changed USING (campaign_id, source_id, donation_id)
WHERE load_id <= getvariable('last_built')
