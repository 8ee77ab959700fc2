-- An imported file that stands: it was not withdrawn after its last import.
-- grain:  one row for each file of each donation source
-- key:    campaign_id, source_id, file_sha256
-- units:  span_from_at and span_to_at in UTC: what the file is declared to cover; rows_from_at and rows_to_at: what its rows speak of; rows known by withdrawn_at were taken back
SELECT f.campaign_id, f.source_id, f.file_sha256, f.file_name, f.imported_at, f.span_from_at, f.span_to_at,
    f.rows_from_at,
    f.rows_to_at,
    coalesce(w.withdrawn_at, '-infinity'::TIMESTAMPTZ) AS withdrawn_at
FROM raw.imported_files AS f
LEFT JOIN (
    SELECT campaign_id, source_id, file_sha256, max(withdrawn_at) AS withdrawn_at
    FROM raw.withdrawals
    GROUP BY ALL
) AS w USING (campaign_id, source_id, file_sha256)
WHERE w.withdrawn_at IS NULL OR f.imported_at > w.withdrawn_at
QUALIFY row_number() OVER (PARTITION BY f.campaign_id, f.source_id, f.file_sha256 ORDER BY f.imported_at DESC, f.file_name) = 1
