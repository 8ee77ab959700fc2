-- The days of a ticker from a little before the first reading that landed or left: a reading may change what stands after it.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH files_changed AS (
    SELECT campaign_id, source_id, file_sha256 FROM raw.withdrawals
    WHERE load_id > getvariable('last_built')
    UNION
    SELECT campaign_id, source_id, file_sha256 FROM raw.imported_files
    WHERE load_id > getvariable('last_built')
),

first_changes AS (
    SELECT r.campaign_id, r.source_id, min(r.observed_at) AS first_at
    FROM raw.ticker_readings AS r
    LEFT JOIN files_changed AS f USING (campaign_id, source_id, file_sha256)
    WHERE f.file_sha256 IS NOT NULL OR r.load_id > getvariable('last_built')
    GROUP BY ALL
),

readings_before AS (
    -- Several files may hold a reading, and a file that was ever taken back may hold none.
    SELECT DISTINCT r.campaign_id, r.source_id, r.observed_at
    FROM raw.ticker_readings AS r
    INNER JOIN first_changes AS c ON r.campaign_id = c.campaign_id AND r.source_id = c.source_id AND r.observed_at < c.first_at
    ANTI JOIN raw.withdrawals AS w ON r.campaign_id = w.campaign_id AND r.source_id = w.source_id AND r.file_sha256 = w.file_sha256
),

readings_looking_ahead AS (
    -- Twelve readings look ahead to tell whether one is far off: see staging.ticker_increments.
    SELECT campaign_id, source_id, observed_at
    FROM readings_before
    QUALIFY row_number() OVER (PARTITION BY campaign_id, source_id ORDER BY observed_at DESC) = 13
),

spans_changed AS (
    SELECT
        r.campaign_id,
        -- An increment that is no gap began at most two hours before.
        coalesce(max(l.observed_at), min(r.observed_at)) - INTERVAL 2 HOUR AS from_at,
        max(r.observed_at) AS to_at
    FROM raw.ticker_readings AS r
    SEMI JOIN first_changes AS c USING (campaign_id, source_id)
    LEFT JOIN readings_looking_ahead AS l USING (campaign_id, source_id)
    GROUP BY r.campaign_id, r.source_id
)

SELECT d.campaign_id, d.local_on
FROM spans_changed AS s
INNER JOIN staging.days AS d ON s.campaign_id = d.campaign_id AND d.starts_at <= s.to_at AND d.ends_at > s.from_at
