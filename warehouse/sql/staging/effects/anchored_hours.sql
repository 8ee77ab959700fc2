-- An hour that starts at the minute of an event, and how much of it each source saw.
-- grain:  one row for each source and hour of the season, once for each minute at which an event starts; the hour from local midnight is none of them
-- key:    campaign_id, source_id, anchor_minutes, interval_start_at
-- units:  coverage 0 to 1, NULL = unknown: of the two hours that it lies in, each by its part
-- restates: campaign_id of staging.touched_days
-- column is_sampled: coverage is that of a constant sample, which is not known but assumed.
-- column anchor_minutes: Minutes from the hour that is counted from local midnight to the start.
WITH hours_listed AS (
    SELECT
        d.campaign_id,
        d.local_on,
        a.anchor_minutes,
        unnest(generate_series(d.starts_at, d.ends_at - INTERVAL 1 SECOND, INTERVAL 1 HOUR)) AS hour_at
    FROM staging.event_anchors AS a
    SEMI JOIN staging.touched_days USING (campaign_id)
    INNER JOIN staging.days AS d USING (campaign_id)
    WHERE a.anchor_minutes > 0
),

hours_seen AS (
    SELECT campaign_id, source_id, interval_start_at, coalesce(coverage, assumed_coverage) AS coverage,
        assumed_coverage IS NOT NULL AS is_sampled
    FROM staging.coverage_by_source
    SEMI JOIN hours_listed USING (campaign_id)
    WHERE interval_minutes = 60 AND coverage IS DISTINCT FROM 0
)

SELECT
    h.campaign_id,
    h.local_on,
    s.source_id,
    s.source_kind,
    s.scope,
    s.precision,
    s.currency,
    s.candidate_id,
    s.is_synthetic,
    h.anchor_minutes,
    h.hour_at + to_minutes(h.anchor_minutes) AS interval_start_at,
    -- A half that nobody saw is 0; a half that nobody knows leaves the whole unknown.
    CASE WHEN (b.source_id IS NULL OR b.coverage IS NOT NULL) AND (e.source_id IS NULL OR e.coverage IS NOT NULL)
        THEN coalesce(b.coverage, 0) * (60 - h.anchor_minutes) / 60 + coalesce(e.coverage, 0) * h.anchor_minutes / 60
    END AS coverage,
    coalesce(b.is_sampled, false) OR coalesce(e.is_sampled, false) AS is_sampled
FROM hours_listed AS h
INNER JOIN staging.sources AS s USING (campaign_id)
LEFT JOIN hours_seen AS b ON h.campaign_id = b.campaign_id AND s.source_id = b.source_id AND h.hour_at = b.interval_start_at
LEFT JOIN hours_seen AS e ON h.campaign_id = e.campaign_id AND s.source_id = e.source_id AND h.hour_at + INTERVAL 1 HOUR = e.interval_start_at
WHERE b.source_id IS NOT NULL OR e.source_id IS NOT NULL
