-- How a source has been doing, for `afterdebate status`.
-- grain:  one row for each source of each campaign
-- key:    campaign_id, source_id
-- units:  times in UTC; attempts, failures and set_aside are counts
-- column last_attempt_at: When it was last asked, or its last file imported.
-- column last_seen_at: When it last answered well.
-- column last_outcome: How the last attempt ended.
-- column last_reason: Why, in words.
-- column attempts: Attempts so far.
-- column failures_in_a_row: Failed attempts since the last good one.
-- column set_aside: Rows or documents that could not be read; of files those of their last import.
-- column set_aside_mostly: The commonest reason for it.
-- column is_synthetic: The source is made up, for a demonstration.
WITH attempts_judged AS (
    SELECT
        *,
        outcome IN ('ok', 'not_modified') AS is_good,
        attempted_at = max(attempted_at) OVER (PARTITION BY source_key) AS is_last
    FROM raw.fetch_attempts
),

attempts AS (
    -- Of the files that one import tried, those that could not be read tell how it ended.
    SELECT
        source_key,
        max(attempted_at) AS last_attempt_at,
        max(attempted_at) FILTER (WHERE is_good) AS last_seen_at,
        coalesce(max(outcome) FILTER (WHERE is_last AND NOT is_good AND outcome != 'empty'), min(outcome) FILTER (WHERE is_last AND is_good),
            max(outcome) FILTER (WHERE is_last)) AS last_outcome,
        coalesce(string_agg(DISTINCT reason, '; ' ORDER BY reason) FILTER (WHERE is_last AND NOT is_good AND outcome != 'empty'),
            max(reason) FILTER (WHERE is_last)) AS last_reason,
        count(*) AS attempts
    FROM attempts_judged
    GROUP BY source_key
),

failures AS (
    SELECT f.source_key, count(*) AS failures_in_a_row
    FROM attempts_judged AS f
    INNER JOIN attempts AS a ON f.source_key = a.source_key
        AND (a.last_seen_at IS NULL OR f.attempted_at > a.last_seen_at OR (f.is_last AND NOT f.is_good AND f.outcome != 'empty'))
    GROUP BY f.source_key
),

imports_last AS (
    SELECT campaign_id || '/' || source_id AS source_key, file_name, max(imported_at) AS imported_at
    FROM raw.imported_files
    GROUP BY ALL
),

rejects AS (
    SELECT r.source_key, count(*) AS set_aside, mode(r.reason ORDER BY r.reason) AS set_aside_mostly
    FROM raw.rejects AS r
    -- A file that was mended and imported again, under its name, is told by its last import alone.
    LEFT JOIN imports_last AS i ON r.source_key = i.source_key AND r.what = i.file_name
    WHERE i.imported_at IS NULL OR r.seen_at >= i.imported_at
    GROUP BY r.source_key
),

imports AS (
    SELECT campaign_id, source_id, max(imported_at) AS last_import_at FROM raw.imported_files GROUP BY ALL
)

SELECT
    s.campaign_id,
    s.source_id,
    s.source_kind,
    coalesce(a.last_attempt_at, i.last_import_at) AS last_attempt_at,
    coalesce(a.last_seen_at, i.last_import_at) AS last_seen_at,
    a.last_outcome,
    a.last_reason,
    coalesce(a.attempts, 0) AS attempts,
    coalesce(f.failures_in_a_row, 0) AS failures_in_a_row,
    coalesce(r.set_aside, 0) AS set_aside,
    r.set_aside_mostly,
    s.is_synthetic
FROM staging.sources AS s
LEFT JOIN attempts AS a USING (source_key)
LEFT JOIN failures AS f USING (source_key)
LEFT JOIN rejects AS r USING (source_key)
LEFT JOIN imports AS i USING (campaign_id, source_id)
