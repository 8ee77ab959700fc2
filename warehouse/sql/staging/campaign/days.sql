-- A local day of a campaign's season.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  starts_at and ends_at in UTC; a clock-change day is 23 or 25 hours long
WITH days_listed AS (
    SELECT campaign_id, timezone, unnest(generate_series(start_on, end_on, INTERVAL 1 DAY))::DATE AS local_on
    FROM staging.campaigns
)

SELECT
    campaign_id,
    local_on,
    local_on::TIMESTAMP AT TIME ZONE timezone AS starts_at,
    (local_on + 1)::TIMESTAMP AT TIME ZONE timezone AS ends_at
FROM days_listed
