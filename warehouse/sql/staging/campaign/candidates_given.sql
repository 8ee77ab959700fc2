-- A candidate, or ALL, that a donation source ever named: its silent intervals speak of them.
-- grain:  one row for each donation source and candidate
-- key:    campaign_id, source_id, candidate_id
-- units:  none
WITH rows_landed AS (
    SELECT DISTINCT campaign_id, source_id, file_sha256, candidate_id, known_at FROM raw.donations
    UNION
    SELECT DISTINCT campaign_id, source_id, file_sha256, candidate_id, known_at FROM raw.donation_totals
    UNION
    SELECT DISTINCT campaign_id, source_id, file_sha256, candidate_id, known_at FROM raw.ticker_readings
)

SELECT r.campaign_id, r.source_id, coalesce(r.candidate_id, 'ALL') AS candidate_id
FROM rows_landed AS r
INNER JOIN staging.files_standing AS f
    ON r.campaign_id = f.campaign_id AND r.source_id = f.source_id AND r.file_sha256 = f.file_sha256 AND r.known_at > f.withdrawn_at
UNION
SELECT campaign_id, source_id, candidate_id
FROM staging.sources
WHERE source_kind = 'donations' AND candidate_id IS NOT NULL
