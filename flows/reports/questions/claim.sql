WITH event AS (
    SELECT
        e.campaign_id, e.starts_at, coalesce(e.ends_at, e.starts_at) AS ends_at, e.starts_on, e.timezone,
        c.start_on AS season_from_on, c.end_on AS season_to_on
    FROM facts.events AS e
    INNER JOIN facts.campaigns AS c USING (campaign_id)
    WHERE e.campaign_id = $campaign_id AND e.event_id = $event_id AND e.starts_at IS NOT NULL
),

length AS (SELECT to_seconds(CAST($hours AS DOUBLE) * 3600) AS long),

windows AS (
    SELECT 'start' AS definition, starts_at AS from_at, starts_at + long AS to_at FROM event, length
    UNION ALL SELECT 'end', ends_at, ends_at + long FROM event, length
    UNION ALL SELECT 'during', starts_at, ends_at FROM event WHERE ends_at > starts_at
    UNION ALL
    SELECT 'day', starts_on::TIMESTAMP AT TIME ZONE timezone, (starts_on + 1)::TIMESTAMP AT TIME ZONE timezone FROM event
    -- The same hours of every other day of the season that holds no event.
    UNION ALL
    SELECT
        'quiet', (e.starts_at AT TIME ZONE e.timezone + to_days(d::INTEGER)) AT TIME ZONE e.timezone,
        (e.starts_at AT TIME ZONE e.timezone + to_days(d::INTEGER)) AT TIME ZONE e.timezone + long
    FROM event AS e, length, range(-366, 367) AS r(d)
    WHERE d != 0 AND e.starts_on + d::INTEGER BETWEEN e.season_from_on AND e.season_to_on AND NOT EXISTS (
        SELECT 1 FROM facts.events AS o
        WHERE o.campaign_id = e.campaign_id AND o.is_held AND o.starts_on IN (e.starts_on + d::INTEGER, e.starts_on + d::INTEGER - 1)
    )
),

hours AS (
    SELECT *, interval_start_at + INTERVAL 1 HOUR AS ends_at
    FROM metrics.donations_hourly
    WHERE campaign_id = $campaign_id AND coverage = 1
),

-- An hour that a window cuts counts by the part of it that lies inside.
inside AS (
    SELECT
        w.definition, w.from_at, w.to_at, h.source_id, h.candidate_id, h.currency, h.amount, h.expected,
        (epoch(least(h.ends_at, w.to_at)) - epoch(greatest(h.interval_start_at, w.from_at))) / 3600 AS part
    FROM windows AS w
    INNER JOIN hours AS h ON h.interval_start_at < w.to_at AND h.ends_at > w.from_at
)

SELECT
    definition, source_id, candidate_id, currency, from_at, to_at, sum(amount * part) AS amount,
    sum(expected * part) AS expected, sum(part) / ((epoch(to_at) - epoch(from_at)) / 3600) AS coverage
FROM inside
GROUP BY definition, source_id, candidate_id, currency, from_at, to_at
ORDER BY source_id, candidate_id, definition, from_at
