-- The days between the last collection that the last build knew and the last one that landed: they are due now.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH moments_landed AS (
    SELECT s.campaign_id, max(a.attempted_at) AS moment_at
    FROM raw.fetch_attempts AS a
    INNER JOIN staging.sources AS s USING (source_key)
    WHERE a.load_id > getvariable('last_built')
    GROUP BY s.campaign_id
    UNION ALL
    SELECT campaign_id, max(imported_at)
    FROM raw.imported_files
    WHERE load_id > getvariable('last_built')
    GROUP BY campaign_id
)

SELECT d.campaign_id, d.local_on
FROM moments_landed AS m
LEFT JOIN staging.known_until AS k USING (campaign_id)
INNER JOIN staging.days AS d
    ON m.campaign_id = d.campaign_id AND d.starts_at <= m.moment_at AND (k.known_until_at IS NULL OR d.ends_at > k.known_until_at)
