-- A span of time in which a source was seen whole (is_proved) or glimpsed, cut at the local days of a campaign.
-- grain:  one row for each source, local day and piece of a span; pieces may overlap
-- key:    campaign_id, source_id, from_at, to_at, is_proved, reason
-- units:  times in UTC
-- column is_sampled: Not seen whole, and by the campaign file a constant part of all.
-- restates: campaign_id, local_on of staging.touched_days
WITH days_touched AS (
    SELECT * FROM staging.days SEMI JOIN staging.touched_days USING (campaign_id, local_on)
),

files_doubted AS (
    SELECT table_name, doubted_from_at, doubted_to_at FROM raw.landed_files WHERE unreadable IS NOT NULL
),

attempts AS (
    SELECT
        s.campaign_id, s.source_id, s.coverage AS told, a.observed_from_at, a.observed_to_at, a.unknown_from_at,
        EXISTS (
            FROM files_doubted AS f
            WHERE a.attempted_at BETWEEN f.doubted_from_at AND f.doubted_to_at AND f.table_name = CASE
                WHEN ends_with(s.source_kind, '_counts') THEN 'post_counts'
                WHEN s.reach IS NOT NULL THEN 'posts'
                WHEN s.source_kind = 'signups' THEN 'signups'
                WHEN s.source_kind NOT IN ('donations', 'polls', 'signups') THEN 'entries'
            END
        ) AS is_damaged
    FROM raw.fetch_attempts AS a
    INNER JOIN staging.sources AS s USING (source_key)
    -- What a long history holds besides is passed over.
    WHERE greatest(a.observed_to_at, a.observed_from_at) > (SELECT min(starts_at) FROM days_touched)
        AND least(a.unknown_from_at, a.observed_from_at) < (SELECT max(ends_at) FROM days_touched)
),

files_read AS (
    SELECT
        t.*,
        s.coverage AS told,
        s.reach,
        EXISTS (
            FROM files_doubted AS f
            WHERE t.imported_at BETWEEN f.doubted_from_at AND f.doubted_to_at
                AND f.table_name IN ('donations', 'donation_totals', 'polls', 'posts', 'signups')
        ) AS is_damaged
    FROM staging.files_standing AS t
    LEFT JOIN staging.sources AS s USING (campaign_id, source_id)
),

attempts_judged AS (
    SELECT *, told = 'constant' AND NOT is_damaged AS is_sampled, CASE
        WHEN is_damaged THEN 'rows of it landed in a file that cannot be read'
        WHEN told = 'constant' THEN 'a sample: taken as a constant part of all'
        WHEN told != 'measured' THEN 'how complete the source itself is, nobody knows'
    END AS doubt
    FROM attempts
),

files_judged AS (
    SELECT *, coalesce(told = 'constant', false) AND NOT is_damaged AS is_sampled, CASE
        WHEN is_damaged THEN 'rows of it landed in a file that cannot be read'
        WHEN told = 'constant' THEN 'a sample: taken as a constant part of all'
    END AS doubt
    FROM files_read
),

totals_told AS (
    -- A sum tells of its own span, whole; a local day is 1440 minutes also where the clock changes.
    SELECT DISTINCT f.campaign_id, f.source_id, f.doubt, t.interval_start_at AS from_at, CASE
        WHEN t.interval_minutes = 1440 AND d.ends_at IS NOT NULL THEN d.ends_at
        ELSE t.interval_start_at + to_minutes(t.interval_minutes)
    END AS to_at
    -- A source gives the same spans for each of its candidates.
    FROM (SELECT DISTINCT campaign_id, source_id, file_sha256, interval_start_at, interval_minutes, known_at FROM raw.donation_totals) AS t
    INNER JOIN files_judged AS f USING (campaign_id, source_id, file_sha256)
    LEFT JOIN days_touched AS d ON t.campaign_id = d.campaign_id AND t.interval_start_at = d.starts_at
    WHERE t.known_at > f.withdrawn_at
),

ticker_known AS (
    SELECT campaign_id, source_id, from_at, to_at FROM staging.ticker_increments WHERE NOT is_gap
),

spans_told AS (
    SELECT campaign_id, source_id, observed_from_at AS from_at, observed_to_at AS to_at, doubt IS NULL AS is_proved, doubt AS reason, is_sampled
    FROM attempts_judged
    UNION ALL
    SELECT campaign_id, source_id, unknown_from_at, coalesce(observed_from_at, observed_to_at), false,
        coalesce(doubt, 'backlog of a first poll'), false
    FROM attempts_judged
    UNION ALL
    SELECT campaign_id, source_id, from_at, to_at, true, NULL, false FROM ticker_known
    UNION ALL
    SELECT campaign_id, source_id, from_at, to_at, doubt IS NULL, doubt, false FROM totals_told
    UNION ALL
    SELECT campaign_id, source_id, span_from_at, span_to_at, doubt IS NULL, doubt, is_sampled FROM files_judged
    UNION ALL
    -- An archive of one moment glimpsed that moment; money tells of its own interval, below.
    SELECT
        campaign_id, source_id, rows_from_at,
        CASE WHEN reach = 'files' THEN greatest(rows_to_at, rows_from_at + INTERVAL 1 SECOND) ELSE rows_to_at END,
        false, coalesce(doubt, 'the file does not say what span it covers'), is_sampled
    FROM files_judged
    ANTI JOIN ticker_known USING (campaign_id, source_id)
    ANTI JOIN totals_told USING (campaign_id, source_id)
    WHERE span_from_at IS NULL
    UNION ALL
    -- Posts beside the declared days were kept, and nobody says how many others were not.
    SELECT campaign_id, source_id, rows_from_at, least(rows_to_at, span_from_at), false,
        'a post lies outside the span that its file covers', false
    FROM files_judged
    WHERE reach = 'files' AND rows_from_at < span_from_at
    UNION ALL
    SELECT campaign_id, source_id, greatest(rows_from_at, span_to_at), rows_to_at + INTERVAL 1 SECOND, false,
        'a post lies outside the span that its file covers', false
    FROM files_judged
    WHERE reach = 'files' AND span_to_at <= rows_to_at
),

money_placed AS (
    SELECT DISTINCT
        g.campaign_id, g.source_id, g.interval_start_at AS from_at,
        CASE g.interval_minutes WHEN 1440 THEN d.ends_at ELSE g.interval_start_at + INTERVAL 1 HOUR END AS to_at
    FROM staging.gifts_counted AS g
    INNER JOIN days_touched AS d USING (campaign_id, local_on)
    INNER JOIN staging.sources AS s USING (campaign_id, source_id)
    WHERE g.interval_minutes = CASE WHEN s.precision = 'day' THEN 1440 ELSE 60 END
),

spans_known AS (
    FROM spans_told WHERE from_at < to_at
    UNION ALL
    -- Money tells of its own interval: a gift beside the declared days, a refund after the last gift, a file of one gift.
    SELECT campaign_id, source_id, from_at, to_at, false, 'a gift or refund lies outside the span that its file covers', false
    FROM money_placed AS m
    ANTI JOIN (FROM spans_told WHERE from_at < to_at) AS t
        ON m.campaign_id = t.campaign_id AND m.source_id = t.source_id AND t.from_at < m.to_at AND t.to_at > m.from_at
)

SELECT
    t.campaign_id,
    d.local_on,
    t.source_id,
    greatest(t.from_at, d.starts_at) AS from_at,
    least(t.to_at, d.ends_at) AS to_at,
    t.is_proved,
    t.reason,
    t.is_sampled
FROM spans_known AS t
INNER JOIN days_touched AS d ON t.campaign_id = d.campaign_id AND t.from_at < d.ends_at AND t.to_at > d.starts_at
GROUP BY ALL
