-- The days that an attempt proves, glimpses, or leaves as a gap behind it; the first one on a network, and each on an archive, all days before it.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH attempts_landed AS (
    SELECT * FROM raw.fetch_attempts WHERE load_id > getvariable('last_built')
),

attempts_beside AS (
    -- A gap begins at the attempt before; and one that lands late shortens the gap of the attempt after it.
    SELECT
        l.source_key,
        max(a.attempted_at) FILTER (WHERE a.attempted_at < l.first_at) AS before_at,
        min(a.attempted_at) FILTER (WHERE a.attempted_at > l.last_at) AS after_at
    FROM raw.fetch_attempts AS a
    INNER JOIN (
        SELECT source_key, min(attempted_at) AS first_at, max(attempted_at) AS last_at FROM attempts_landed GROUP BY source_key
    ) AS l USING (source_key)
    GROUP BY l.source_key
),

spans_touched AS (
    SELECT
        a.source_key,
        least(min(a.attempted_at), min(a.observed_from_at), min(a.unknown_from_at), min(b.before_at)) AS from_at,
        greatest(max(a.attempted_at), max(a.observed_to_at), max(b.after_at)) AS to_at,
        max(b.before_at) IS NULL AS is_first
    FROM attempts_landed AS a
    INNER JOIN attempts_beside AS b USING (source_key)
    GROUP BY a.source_key
)

SELECT d.campaign_id, d.local_on
FROM spans_touched AS t
INNER JOIN staging.sources AS s USING (source_key)
INNER JOIN staging.days AS d ON s.campaign_id = d.campaign_id AND d.starts_at <= t.to_at
    AND (d.ends_at > t.from_at OR (t.is_first AND s.reach IS NOT NULL) OR s.reach = 'files')
