-- What was seen of a kind of source in an interval: the mean over its sources, each counting the same.
-- grain:  one row for each kind, scope and interval
-- key:    campaign_id, source_kind, scope, interval_minutes, interval_start_at
-- units:  coverage 0 to 1, NULL where that of any source is unknown
-- column assumed_coverage: Where only that of constant samples is unknown: the mean with what stands in for it; else NULL.
-- restates: campaign_id, local_on of staging.touched_days
SELECT
    c.campaign_id,
    c.local_on,
    s.source_kind,
    s.scope,
    c.interval_minutes,
    c.interval_start_at,
    CASE WHEN count(c.coverage) = count(*) THEN avg(c.coverage) END AS coverage,
    CASE
        WHEN count(c.assumed_coverage) > 0 AND count(coalesce(c.coverage, c.assumed_coverage)) = count(*)
            THEN avg(coalesce(c.coverage, c.assumed_coverage))
    END AS assumed_coverage,
    bool_or(s.is_synthetic) AS is_synthetic
FROM staging.coverage_by_source AS c
SEMI JOIN staging.touched_days USING (campaign_id, local_on)
INNER JOIN staging.sources AS s USING (campaign_id, source_id)
WHERE s.source_kind NOT IN ('donations', 'polls', 'signups') AND NOT ends_with(s.source_kind, '_counts')
GROUP BY ALL
