-- Money that a source reported in sums over spans, placed in hours and local days: ticker steps spread evenly over their span, totals where a whole span fits.
-- grain:  one row for each source, candidate, currency and interval that money was seen for
-- key:    campaign_id, source_id, candidate_id, currency, interval_minutes, interval_start_at
-- units:  amount in `currency`; gifts NULL where the source counts none; is_apportioned = some of it was spread
-- restates: campaign_id, local_on of staging.touched_days
WITH intervals_touched AS (
    -- With each hour of UTC that it touches: what lies in it is found by that hour, where a join on time alone would try all pairs.
    SELECT
        *,
        unnest(generate_series(floor(epoch(interval_start_at) / 3600)::BIGINT, ceil(epoch(interval_end_at) / 3600)::BIGINT - 1)) AS utc_hour
    FROM staging.intervals
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    WHERE interval_minutes >= 60
),

spans_touched AS (
    SELECT campaign_id, min(interval_start_at) AS starts_at, max(interval_end_at) AS ends_at
    FROM intervals_touched
    GROUP BY campaign_id
),

steps_near AS (
    SELECT
        t.*,
        unnest(generate_series(floor(epoch(t.from_at) / 3600)::BIGINT, ceil(epoch(t.to_at) / 3600)::BIGINT - 1)) AS utc_hour
    FROM staging.ticker_increments AS t
    INNER JOIN spans_touched AS s ON t.campaign_id = s.campaign_id AND t.from_at < s.ends_at AND t.to_at > s.starts_at
    WHERE NOT t.is_gap
),

steps_spread AS (
    SELECT
        i.campaign_id,
        i.local_on,
        t.source_id,
        coalesce(t.candidate_id, 'ALL') AS candidate_id,
        i.interval_minutes,
        i.interval_start_at,
        t.currency,
        -- What had come by the interval's end less what had come by its start, each to the cent: the parts sum to the whole.
        round(t.amount * (epoch(least(t.to_at, i.interval_end_at)) - epoch(t.from_at)) / (epoch(t.to_at) - epoch(t.from_at)), 2)::DECIMAL(18, 2)
            - round(t.amount * (epoch(greatest(t.from_at, i.interval_start_at)) - epoch(t.from_at)) / (epoch(t.to_at) - epoch(t.from_at)), 2)::DECIMAL(18, 2)
            AS amount,
        NULL::BIGINT AS gifts,
        true AS is_apportioned
    FROM intervals_touched AS i
    INNER JOIN steps_near AS t
        ON i.campaign_id = t.campaign_id AND i.utc_hour = t.utc_hour AND t.from_at < i.interval_end_at AND t.to_at > i.interval_start_at
        -- A step and an interval may share several hours: they meet in the first.
        AND i.utc_hour = floor(epoch(greatest(t.from_at, i.interval_start_at)) / 3600)::BIGINT
),

-- A file that says of one sum from which territory it came says so of all: its other sums came from elsewhere.
files_by_territory AS (
    SELECT DISTINCT campaign_id, source_id, file_sha256 FROM raw.donation_totals WHERE territory IS NOT NULL
),

totals_near AS NOT MATERIALIZED (
    SELECT
        t.*,
        b.file_sha256 IS NOT NULL AS is_by_territory,
        hash(t.source_id, t.candidate_id, t.interval_start_at, t.interval_minutes) AS sum_hash
    FROM raw.donation_totals AS t
    INNER JOIN staging.files_standing AS f
    ON t.campaign_id = f.campaign_id AND t.source_id = f.source_id AND t.file_sha256 = f.file_sha256 AND t.known_at > f.withdrawn_at
    LEFT JOIN files_by_territory AS b ON t.campaign_id = b.campaign_id AND t.source_id = b.source_id AND t.file_sha256 = b.file_sha256
    INNER JOIN spans_touched AS s ON t.campaign_id = s.campaign_id AND t.interval_start_at >= s.starts_at AND t.interval_start_at < s.ends_at
),

-- Few sums are given twice: only these are put in order, and a million others pass by.
hashes_twice AS (
    SELECT sum_hash FROM totals_near GROUP BY sum_hash HAVING count(*) > 1
),

totals_standing AS (
    FROM totals_near ANTI JOIN hashes_twice USING (sum_hash)
    UNION ALL
    SELECT t.*
    FROM totals_near AS t
    SEMI JOIN hashes_twice AS h ON t.sum_hash = h.sum_hash
    QUALIFY
        -- The last file that tells of a span decides whether it is told as a whole or by territory: never both.
        t.is_by_territory = first_value(t.is_by_territory) OVER (
            PARTITION BY t.campaign_id, t.source_id, t.candidate_id, t.interval_start_at, t.interval_minutes
            ORDER BY t.known_at DESC, t.file_sha256, t.line_number DESC
        )
        AND t.file_sha256 = first_value(t.file_sha256) OVER (
            PARTITION BY t.campaign_id, t.source_id, t.candidate_id, t.interval_start_at, t.interval_minutes, t.territory
            ORDER BY t.known_at DESC, t.file_sha256, t.line_number DESC
        )
        -- By territory, rows of none are several places that nobody knows: they are added.
        AND (
            (t.is_by_territory AND t.territory IS NULL)
            OR row_number() OVER (
                PARTITION BY t.campaign_id, t.source_id, t.candidate_id, t.interval_start_at, t.interval_minutes, t.territory
                ORDER BY t.known_at DESC, t.file_sha256, t.line_number DESC
            ) = 1
        )
),

totals_fitted AS (
    SELECT
        i.campaign_id,
        i.local_on,
        t.source_id,
        coalesce(t.candidate_id, 'ALL') AS candidate_id,
        i.interval_minutes,
        i.interval_start_at,
        t.currency,
        t.amount,
        t.gifts,
        false AS is_apportioned
    FROM intervals_touched AS i
    INNER JOIN totals_standing AS t
        ON i.campaign_id = t.campaign_id AND i.utc_hour = floor(epoch(t.interval_start_at) / 3600)::BIGINT
        AND t.interval_start_at >= i.interval_start_at AND t.interval_start_at < i.interval_end_at
        -- A local day given as 1440 minutes is that day, though a clock change makes it 23 or 25 hours.
        AND (
            t.interval_start_at + to_minutes(t.interval_minutes) <= i.interval_end_at
            OR (t.interval_minutes = 1440 AND i.interval_minutes = 1440 AND t.interval_start_at = i.interval_start_at)
        )
)

SELECT
    campaign_id,
    local_on,
    source_id,
    candidate_id,
    interval_minutes,
    interval_start_at,
    currency,
    sum(amount)::DECIMAL(18, 2) AS amount,
    sum(gifts)::BIGINT AS gifts,
    bool_or(is_apportioned) AS is_apportioned
FROM (FROM steps_spread UNION ALL BY NAME FROM totals_fitted)
GROUP BY campaign_id, local_on, source_id, candidate_id, currency, interval_minutes, interval_start_at
