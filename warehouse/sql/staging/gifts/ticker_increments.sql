-- Money that a ticker showed to have come in between two readings that stand.
-- grain:  one row for each pair of successive readings
-- key:    campaign_id, source_id, from_at
-- units:  amount in `currency`; times in UTC; is_gap = the readings are more than two hours apart, and when the money came is not known
-- restates: campaign_id, source_id of staging.touched_tickers
WITH readings AS (
    SELECT r.campaign_id, r.source_id, r.candidate_id, r.currency, r.observed_at, r.total
    FROM raw.ticker_readings AS r
    SEMI JOIN staging.touched_tickers USING (campaign_id, source_id)
    INNER JOIN staging.files_standing AS f
    ON r.campaign_id = f.campaign_id AND r.source_id = f.source_id AND r.file_sha256 = f.file_sha256 AND r.known_at > f.withdrawn_at
    QUALIFY row_number() OVER (PARTITION BY r.campaign_id, r.source_id, r.observed_at ORDER BY r.known_at DESC, r.file_sha256, r.line_number DESC) = 1
),

readings_followed AS (
    SELECT
        *,
        -- What follows, robust against a bogus reading or two in it.
        median(total) OVER (earlier ROWS BETWEEN 1 FOLLOWING AND 12 FOLLOWING) AS total_after,
        median(total) OVER (earlier ROWS BETWEEN 12 PRECEDING AND 1 PRECEDING) AS total_before,
        count(*) OVER (earlier ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING) AS followers,
        row_number() OVER earlier AS place,
        total - lag(total) OVER earlier AS step,
        total - max(total) OVER (earlier ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS rise
    FROM readings
    WINDOW earlier AS (PARTITION BY campaign_id, source_id ORDER BY observed_at)
),

steps_usual AS (
    -- Of the neighbourhood only: what lands later must not change what is long past.
    SELECT *, 100 * median(step) FILTER (WHERE step > 0) OVER (
        PARTITION BY campaign_id, source_id ORDER BY observed_at ROWS BETWEEN 200 PRECEDING AND 12 FOLLOWING
    ) AS far
    FROM readings_followed
),

readings_not_far_off AS (
    -- Far off is more than a hundred usual steps, so that a correction downwards is none of it.
    SELECT *
    FROM steps_usual
    -- What is far above both what precedes and what follows is bogus; above what follows only, a ticker that begins again.
    WHERE (coalesce(total - total_after <= far, true) OR total - total_before <= far)
        -- Later on the running maximum leaves out what is far too low; in the beginning there is none.
        AND (place > 3 OR coalesce(total_after - total <= far, true))
    -- A leap with next to nothing behind it waits until more readings bear it out.
    QUALIFY NOT bool_or(coalesce(rise > far, false) AND followers < 3) OVER (
        PARTITION BY campaign_id, source_id ORDER BY observed_at ROWS BETWEEN 2 PRECEDING AND CURRENT ROW
    )
),

readings_fallen AS (
    -- A ticker that fell to less than half and stays there was set back: it counts anew.
    SELECT *, coalesce(total < 0.5 * lag(total) OVER earlier AND total_after < 0.9 * lag(total) OVER earlier AND followers >= 3, false) AS is_set_back
    FROM readings_not_far_off
    WINDOW earlier AS (PARTITION BY campaign_id, source_id ORDER BY observed_at)
),

readings_by_run AS (
    SELECT *, count(*) FILTER (WHERE is_set_back) OVER (PARTITION BY campaign_id, source_id ORDER BY observed_at) AS run
    FROM readings_fallen
),

readings_standing AS (
    -- The running maximum: what lies below is a correction or bogus, and is made up for by later readings.
    SELECT *
    FROM readings_by_run
    QUALIFY total >= max(total) OVER (PARTITION BY campaign_id, source_id, run ORDER BY observed_at)
),

steps AS (
    SELECT
        campaign_id,
        source_id,
        candidate_id,
        currency,
        lag(observed_at) OVER earlier AS from_at,
        observed_at AS to_at,
        total - lag(total) OVER earlier AS amount
    FROM readings_standing
    WINDOW earlier AS (PARTITION BY campaign_id, source_id, run ORDER BY observed_at)
)

SELECT campaign_id, source_id, candidate_id, currency, from_at, to_at, amount, to_at - from_at > INTERVAL 2 HOUR AS is_gap
FROM steps
WHERE from_at IS NOT NULL
