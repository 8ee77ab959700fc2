-- Why a source was not seen, in the local days between the attempt before and the attempt that tells.
-- A network is asked for the past: the first attempt that failed there tells of all days before it. A stream hears no past.
-- A file of an archive may be of any day: while it cannot be read, it tells of all days.
-- grain:  one row for each source, local day and reason
-- key:    campaign_id, source_id, local_on, from_at, to_at, reason
-- units:  times in UTC
-- restates: campaign_id, local_on of staging.touched_days
WITH days_touched AS (
    SELECT * FROM staging.days SEMI JOIN staging.touched_days USING (campaign_id, local_on)
),

first_touched AS (
    SELECT min(starts_at) AS first_at FROM days_touched
),

attempts_near AS (
    SELECT source_key, attempted_at, observed_from_at, reason, outcome
    FROM raw.fetch_attempts
    WHERE attempted_at >= (SELECT first_at FROM first_touched)
    UNION ALL
    -- The attempt before, however long ago.
    SELECT source_key, max(attempted_at), NULL, NULL, NULL
    FROM raw.fetch_attempts
    WHERE attempted_at < (SELECT first_at FROM first_touched)
    GROUP BY source_key
),

attempts AS (
    SELECT
        s.campaign_id,
        s.source_id,
        a.attempted_at,
        coalesce(a.observed_from_at, a.attempted_at) AS until_at,
        a.reason,
        s.reach IS NOT DISTINCT FROM 'files' AS is_of_files,
        max(a.attempted_at) FILTER (WHERE a.outcome IN ('ok', 'not_modified')) OVER (
            PARTITION BY s.campaign_id, s.source_id
        ) AS last_well_at,
        a.observed_from_at IS NULL AND s.reach IN ('past', 'files') AS is_of_the_past,
        -- Several attempts of one moment share the attempt before.
        max(a.attempted_at) OVER (
            PARTITION BY s.campaign_id, s.source_id ORDER BY a.attempted_at
            RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING
        ) AS attempt_before_at
    FROM attempts_near AS a
    INNER JOIN staging.sources AS s USING (source_key)
),

gaps AS (
    SELECT *, CASE
        WHEN is_of_files THEN '-infinity'::TIMESTAMPTZ
        ELSE coalesce(attempt_before_at, CASE WHEN is_of_the_past THEN '-infinity'::TIMESTAMPTZ ELSE attempted_at END)
    END AS gap_from_at
    FROM attempts
    WHERE NOT is_of_files OR last_well_at IS NULL OR attempted_at >= last_well_at
)

SELECT
    a.campaign_id,
    d.local_on,
    a.source_id,
    greatest(a.gap_from_at, d.starts_at) AS from_at,
    least(greatest(a.until_at, a.attempted_at), d.ends_at) AS to_at,
    a.reason
FROM gaps AS a
INNER JOIN days_touched AS d
    ON a.campaign_id = d.campaign_id AND a.gap_from_at < d.ends_at AND a.attempted_at >= d.starts_at
WHERE a.reason IS NOT NULL
GROUP BY ALL
