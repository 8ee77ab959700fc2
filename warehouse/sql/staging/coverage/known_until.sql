-- The last moment at which anything of a campaign was collected or imported: later intervals are nobody's gap yet.
-- grain:  one row for each campaign
-- key:    campaign_id
-- units:  times in UTC
WITH attempts_dated AS (
    SELECT s.campaign_id, max(a.attempted_at) AS known_until_at
    FROM raw.fetch_attempts AS a
    INNER JOIN staging.sources AS s USING (source_key)
    GROUP BY s.campaign_id
),

imports_dated AS (
    SELECT campaign_id, max(imported_at) AS known_until_at
    FROM raw.imported_files
    GROUP BY campaign_id
)

SELECT campaign_id, max(known_until_at) AS known_until_at
FROM (FROM attempts_dated UNION ALL FROM imports_dated)
GROUP BY campaign_id
