-- Minutes past the hour at which events of a campaign start: hours of an effect are counted from there, where data are finer than an hour.
-- grain:  one row for each campaign and minute; 0, the hour counted from local midnight, is always there
-- key:    campaign_id, anchor_minutes
-- units:  minutes after the hours of staging.intervals
-- column anchor_minutes: Minutes from the hour that is counted from local midnight to the start.
SELECT campaign_id, 0 AS anchor_minutes
FROM staging.campaigns
UNION
SELECT e.campaign_id, ((epoch(e.starts_at) - epoch(c.starts_at))::BIGINT % 3600 + 3600) % 3600 // 60
FROM staging.events AS e
INNER JOIN staging.campaigns AS c USING (campaign_id)
WHERE e.starts_at IS NOT NULL AND e.event_kind != 'deadline'
