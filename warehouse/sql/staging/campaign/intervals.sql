-- An interval that counts are made for: every hour and local day of the season, and every minute from three hours before a timed event to a day after its start.
-- grain:  one row for each campaign, length and start
-- key:    campaign_id, interval_minutes, interval_start_at
-- units:  times in UTC; hours are counted from local midnight, so that each lies within one local day; interval_minutes 1440 is a local day, 23 to 25 hours long
-- restates: campaign_id, local_on of staging.touched_days
WITH days_touched AS (
    SELECT * FROM staging.days SEMI JOIN staging.touched_days USING (campaign_id, local_on)
),

starts_listed AS (
    SELECT campaign_id, local_on, 1440 AS interval_minutes, starts_at AS interval_start_at, ends_at AS interval_end_at
    FROM days_touched
    UNION ALL
    SELECT campaign_id, local_on, 60, hour_at, least(hour_at + INTERVAL 1 HOUR, ends_at)
    FROM (
        SELECT
            campaign_id,
            local_on,
            ends_at,
            -- Not the UTC hour: a zone off by half an hour has days that start between two of them.
            unnest(generate_series(starts_at, ends_at - INTERVAL 1 SECOND, INTERVAL 1 HOUR)) AS hour_at
        FROM days_touched
    )
    UNION
    SELECT d.campaign_id, d.local_on, 1, m.minute_at, m.minute_at + INTERVAL 1 MINUTE
    FROM days_touched AS d
    INNER JOIN (
        SELECT
            campaign_id,
            unnest(generate_series(
                date_trunc('minute', starts_at) - INTERVAL 3 HOUR, date_trunc('minute', starts_at) + INTERVAL '23 hours 59 minutes', INTERVAL 1 MINUTE
            )) AS minute_at
        FROM staging.events
        WHERE starts_at IS NOT NULL AND event_kind != 'deadline'
    ) AS m ON d.campaign_id = m.campaign_id AND m.minute_at >= d.starts_at AND m.minute_at < d.ends_at
)

SELECT campaign_id, local_on, interval_minutes::INTEGER AS interval_minutes, interval_start_at, interval_end_at
FROM starts_listed
