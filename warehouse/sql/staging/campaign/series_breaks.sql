-- A dated change of a platform, source or query that splits baselines: counts before and after do not compare.
-- grain:  one row for each campaign, series and change
-- key:    campaign_id, source_kind, source_id, broke_at, what
-- units:  times in UTC; source_id NULL = every source of the kind
-- column broke_at: When the series changed; the first interval counted otherwise.
-- column what: What changed.
-- column url: Where the platform says so; NULL for a change of the campaign's own.
WITH platform_breaks AS (
    SELECT c.campaign_id, b.source_kind, NULL AS source_id, b.broke_at, b.what, b.url
    FROM staging.campaigns AS c
    INNER JOIN (SELECT DISTINCT campaign_id, source_kind FROM staging.sources) AS s USING (campaign_id)
    INNER JOIN staging.platform_breaks AS b USING (source_kind)
),

queries_started AS (
    SELECT campaign_id, source_kind, source_id, query_hash, min(interval_start_at) AS broke_at
    FROM staging.post_counts
    GROUP BY ALL
),

query_breaks AS (
    SELECT campaign_id, source_kind, source_id, broke_at, 'query or alias changed' AS what, NULL AS url
    FROM queries_started
    QUALIFY row_number() OVER (PARTITION BY campaign_id, source_id ORDER BY broke_at) > 1
)

SELECT campaign_id, source_kind, source_id, broke_at, what, url
FROM (FROM platform_breaks UNION ALL BY NAME FROM query_breaks)
