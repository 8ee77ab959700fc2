-- The days of a ticker from the reading before the first that landed on: a reading may change what stands after it.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH files_changed AS (
    SELECT campaign_id, source_id, file_sha256 FROM raw.withdrawals
    WHERE load_id > (SELECT last_built_load_id FROM staging.this_run)
    UNION
    SELECT campaign_id, source_id, file_sha256 FROM raw.imported_files
    WHERE load_id > (SELECT last_built_load_id FROM staging.this_run)
),

first_changes AS (
    SELECT r.campaign_id, r.source_id, min(r.observed_at) AS first_at
    FROM raw.ticker_readings AS r
    LEFT JOIN files_changed AS f USING (campaign_id, source_id, file_sha256)
    WHERE f.file_sha256 IS NOT NULL OR r.load_id > (SELECT last_built_load_id FROM staging.this_run)
    GROUP BY ALL
),

spans_changed AS (
    SELECT
        c.campaign_id,
        -- Twelve readings look ahead to tell whether one is far too high: see staging.ticker_increments.
        coalesce(max(r.observed_at) FILTER (WHERE r.is_far_before), min(r.observed_at)) AS from_at,
        max(r.observed_at) AS to_at
    FROM first_changes AS c
    INNER JOIN (
        SELECT r.campaign_id, r.source_id, r.observed_at,
            count(*) FILTER (WHERE r.observed_at < c.first_at) OVER (
                PARTITION BY r.campaign_id, r.source_id ORDER BY r.observed_at DESC
            ) >= 13 AS is_far_before
        FROM raw.ticker_readings AS r
        INNER JOIN first_changes AS c USING (campaign_id, source_id)
    ) AS r USING (campaign_id, source_id)
    GROUP BY c.campaign_id, c.source_id
)

SELECT d.campaign_id, d.local_on
FROM spans_changed AS s
INNER JOIN staging.days AS d ON s.campaign_id = d.campaign_id AND d.starts_at <= s.to_at AND d.ends_at > s.from_at
