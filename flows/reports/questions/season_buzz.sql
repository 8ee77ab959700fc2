WITH seen AS (
    SELECT local_on, source_kind, min(coverage) FILTER (WHERE coverage IS NOT NULL) AS least, avg(coverage) AS coverage,
        count(*) FILTER (WHERE coverage IS NULL) AS unknown
    FROM metrics.coverage
    WHERE campaign_id = $campaign_id AND source_kind NOT IN ('donations', 'polls', 'signups') AND interval_minutes = 1440
    GROUP BY ALL
),

counted AS (
    SELECT local_on, source_kind, sum(mentions) AS mentions, list_distinct(flatten(list(flags))) AS flags
    FROM metrics.buzz_daily
    WHERE campaign_id = $campaign_id
    GROUP BY ALL
)

SELECT
    s.local_on, s.source_kind AS series, c.mentions, CASE WHEN s.unknown > 0 THEN NULL ELSE s.coverage END AS coverage,
    coalesce(c.flags, []) AS flags
FROM seen AS s
LEFT JOIN counted AS c USING (local_on, source_kind)
ORDER BY s.source_kind, s.local_on
