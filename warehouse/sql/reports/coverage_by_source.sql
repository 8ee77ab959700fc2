-- How much of each source's season was seen, in hours that have begun.
-- grain:  one row for each source
-- key:    campaign_id, source_id
-- units:  hours; a whole hour was seen from end to end, a partial one in part, an unknown one nobody vouches for
SELECT
    campaign_id,
    source_id,
    source_kind,
    bool_or(list_contains(flags, 'synthetic')) AS is_synthetic,
    count(*) FILTER (WHERE coverage > 0.999) AS hours_whole,
    count(*) FILTER (WHERE coverage > 0 AND coverage <= 0.999) AS hours_partial,
    count(*) FILTER (WHERE coverage = 0) AS hours_unseen,
    count(*) FILTER (WHERE coverage IS NULL) AS hours_unknown
FROM metrics.coverage
WHERE interval_minutes = 60
GROUP BY ALL
ORDER BY source_kind, source_id
