WITH event AS (
    SELECT campaign_id, coalesce(starts_at, starts_on::TIMESTAMP AT TIME ZONE timezone) AS starts_at
    FROM facts.events
    WHERE campaign_id = $campaign_id AND event_id = $event_id
),

series AS (
    SELECT
        'money' AS outcome, campaign_id, source_id AS series, 'national' AS scope, candidate_id, interval_start_at,
        amount::DOUBLE AS observed, expected AS usual, coverage, flags
    FROM metrics.donations_hourly
    UNION ALL
    SELECT
        'buzz', campaign_id, source_kind, scope, candidate_id, interval_start_at, mentions, expected, coverage, flags
    FROM metrics.buzz_hourly
),

hours AS (
    SELECT s.* EXCLUDE (campaign_id), s.interval_start_at + INTERVAL 1 HOUR AS ends_at
    FROM series AS s
    INNER JOIN event AS e USING (campaign_id)
    WHERE s.outcome = $outcome
        AND s.interval_start_at > e.starts_at - INTERVAL 25 HOUR AND s.interval_start_at < e.starts_at + INTERVAL 72 HOUR
),

effects AS (
    SELECT 'money' AS outcome, source_id AS series, 'national' AS scope, *
    FROM metrics.debate_donation_effect
    WHERE metric = 'amount'
    UNION ALL BY NAME
    SELECT 'buzz' AS outcome, source_kind AS series, *
    FROM metrics.debate_buzz_effect
    WHERE source_kind != 'ALL'
),

-- Each window of the effect table from the end of the window before it, with what was expected in between; the hours
-- before the event, in which it is awaited, are a window of their own.
windows AS (
    SELECT
        series, scope, candidate_id, horizon_minutes,
        coalesce(lag(window_end_at) OVER w, window_start_at) AS from_at, window_end_at AS to_at,
        greatest(expected - coalesce(lag(expected) OVER w, 0), 0) AS expected,
        greatest(observed - excess_high, 0) / nullif(expected, 0) AS low,
        (observed - excess_low) / nullif(expected, 0) AS high,
        verdict = 'effect' AS is_effect
    FROM effects
    WHERE campaign_id = $campaign_id AND event_id = $event_id AND outcome = $outcome AND status IN ('ok', 'so_far')
    WINDOW w AS (PARTITION BY series, scope, candidate_id, horizon_minutes < 0 ORDER BY horizon_minutes)
),

placed AS (
    SELECT
        h.series, h.scope, h.candidate_id, h.interval_start_at, w.horizon_minutes, w.expected, w.low, w.high,
        w.is_effect,
        h.usual * greatest(0, epoch(least(h.ends_at, w.to_at)) - epoch(greatest(h.interval_start_at, w.from_at))) / 3600
            AS inside
    FROM hours AS h
    INNER JOIN windows AS w ON h.series = w.series AND h.scope = w.scope AND h.candidate_id = w.candidate_id
        AND h.interval_start_at < w.to_at AND h.ends_at > w.from_at
),

-- Within a window the expected follows the clock as the baseline does, and adds up to the effect table's number.
spread AS (
    SELECT *, inside * expected / nullif(sum(inside) OVER (PARTITION BY series, scope, candidate_id, horizon_minutes), 0) AS part
    FROM placed
),

summed AS (
    SELECT
        series, scope, candidate_id, interval_start_at, sum(inside) AS inside, sum(part) AS expected,
        sum(part * low) AS expected_low, sum(part * high) AS expected_high,
        bool_or(is_effect) AS is_effect
    FROM spread
    GROUP BY ALL
)

SELECT
    h.series, h.scope, h.candidate_id, h.interval_start_at, h.observed,
    h.usual - coalesce(s.inside, 0) + coalesce(s.expected, 0) AS expected,
    s.expected_low + h.usual - s.inside AS expected_low,
    s.expected_high + h.usual - s.inside AS expected_high,
    coalesce(s.is_effect, false) AS is_effect, h.coverage, h.flags
FROM hours AS h
LEFT JOIN summed AS s USING (series, scope, candidate_id, interval_start_at)
ORDER BY h.series, h.scope, h.candidate_id, h.interval_start_at
