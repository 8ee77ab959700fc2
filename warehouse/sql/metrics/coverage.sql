-- What we saw of a source in an interval.
-- grain:  one row for each source and hour or local day that has begun
-- key:    campaign_id, source_id, interval_minutes, interval_start_at
-- units:  due and observed in seconds of the interval; coverage 0 to 1, NULL = unknown
-- restates: campaign_id, local_on of staging.touched_days
-- column due: Seconds of the interval in which the source was to be seen: all of it, but for what lies after the last collection.
-- column observed: Seconds of the interval that were proved to have been seen whole; NULL where that is unknown.
-- column reason: Why the rest was not seen, or why nobody knows; NULL where all was seen.
-- column status: ok where the coverage is known and above 0, no_data where nothing was seen, not_estimated where it is unknown.
WITH failures_told AS (
    SELECT
        c.campaign_id,
        c.source_id,
        c.interval_minutes,
        c.interval_start_at,
        string_agg(DISTINCT f.reason, '; ' ORDER BY f.reason) AS reason
    FROM staging.coverage_by_source AS c
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    INNER JOIN staging.failures AS f
        ON c.campaign_id = f.campaign_id AND c.source_id = f.source_id AND c.local_on = f.local_on
        AND f.from_at < c.interval_start_at + to_seconds(c.due_s) AND f.to_at >= c.interval_start_at
    WHERE c.interval_minutes >= 60 AND c.observed_s < c.due_s
    GROUP BY ALL
)

SELECT
    c.campaign_id,
    c.local_on,
    c.source_id,
    s.source_kind,
    c.interval_start_at,
    c.interval_minutes,
    c.due_s AS due,
    -- What was glimpsed may or may not have been whole: then nobody knows how many seconds were.
    CASE WHEN c.coverage IS NOT NULL THEN c.observed_s END AS observed,
    CASE
        WHEN c.observed_s >= c.due_s THEN NULL
        WHEN f.reason IS NOT NULL THEN f.reason
        WHEN c.glimpsed_s > 0 THEN c.reason
        WHEN t.source_id IS NOT NULL THEN 'no two readings at most 2 hours apart span this'
        WHEN s.source_kind IN ('donations', 'polls', 'signups') THEN 'no imported file covers this'
        ELSE 'nobody looked'
    END AS reason,
    c.coverage,
    CASE WHEN c.coverage > 0 THEN 'ok' WHEN c.coverage = 0 THEN 'no_data' ELSE 'not_estimated' END AS status,
    CASE WHEN s.is_synthetic THEN ['synthetic'] ELSE []::VARCHAR[] END AS flags,
    r.run_id
FROM staging.coverage_by_source AS c
SEMI JOIN staging.touched_days USING (campaign_id, local_on)
INNER JOIN staging.sources AS s USING (campaign_id, source_id)
LEFT JOIN (SELECT DISTINCT campaign_id, source_id FROM staging.ticker_increments) AS t USING (campaign_id, source_id)
LEFT JOIN failures_told AS f USING (campaign_id, source_id, interval_minutes, interval_start_at)
CROSS JOIN staging.this_run AS r
WHERE c.interval_minutes >= 60
