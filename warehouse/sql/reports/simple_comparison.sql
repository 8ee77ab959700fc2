-- What was seen after each debate, beside the same clock window of the seven days before: a simple comparison, no estimate.
-- grain:  one row for each held debate, series and window length; a series is a participant in one kind of source, or one donation source
-- key:    campaign_id, event_id, measure, series, scope, candidate_id, hours
-- units:  seen and usual in mentions, or in `currency`; windows in hours from the hour in which the debate starts
-- column seen: Sum over the window; NULL where nothing was observed.
-- column usual: Mean of the same clock window over the days before that were observed whole, or whose coverage nobody knows.
-- column days_used: How many of the seven days that were; the others are left out.
-- column coverage: Share of the debate's own window that was observed; NULL = unknown.
WITH windows AS (
    SELECT
        e.campaign_id,
        e.event_id,
        e.participants,
        d.days_before,
        h.hours,
        -- Local days: the same clock window, also where the clock changed between the two.
        timezone(c.timezone, date_trunc('hour', timezone(c.timezone, e.starts_at)) - to_days(d.days_before::INTEGER)) AS starts_at
    FROM facts.events AS e
    INNER JOIN facts.campaigns AS c USING (campaign_id)
    CROSS JOIN range(0, 8) AS d (days_before)
    CROSS JOIN (VALUES (3), (4), (24)) AS h (hours)
    WHERE e.event_kind = 'debate' AND e.is_held AND e.starts_at IS NOT NULL
),

hours_seen AS (
    SELECT
        campaign_id,
        'mentions' AS measure,
        source_kind AS series,
        scope,
        candidate_id,
        NULL AS currency,
        interval_start_at,
        mentions::DOUBLE AS amount,
        coverage,
        list_contains(flags, 'synthetic') AS is_synthetic
    FROM metrics.buzz_by_interval
    WHERE interval_minutes = 60
    UNION ALL
    SELECT
        campaign_id,
        'money',
        source_id,
        NULL,
        candidate_id,
        currency,
        interval_start_at,
        amount::DOUBLE,
        coverage,
        list_contains(flags, 'synthetic')
    FROM metrics.donation_by_interval
    WHERE interval_minutes = 60
),

series_known AS (
    SELECT campaign_id, measure, series, scope, candidate_id, currency, bool_or(is_synthetic) AS is_synthetic
    FROM hours_seen
    GROUP BY ALL
),

windows_summed AS (
    SELECT
        w.campaign_id,
        w.event_id,
        w.hours,
        w.days_before,
        s.measure,
        s.series,
        s.scope,
        s.candidate_id,
        sum(s.amount) AS amount,
        -- An hour without a row was not observed at all.
        sum(s.coverage) / w.hours AS coverage,
        bool_or(s.coverage IS NULL) AS is_unknown,
        count(*) = w.hours AND bool_and(coalesce(s.coverage, 1) > 0.999) AS is_whole
    FROM windows AS w
    INNER JOIN hours_seen AS s
        ON w.campaign_id = s.campaign_id
        AND s.interval_start_at >= w.starts_at AND s.interval_start_at < w.starts_at + to_hours(w.hours)
    GROUP BY w.campaign_id, w.event_id, w.hours, w.days_before, s.measure, s.series, s.scope, s.candidate_id
)

SELECT
    w.campaign_id,
    w.event_id,
    any_value(w.starts_at) FILTER (WHERE w.days_before = 0) AS debate_at,
    k.measure,
    k.series,
    k.scope,
    k.candidate_id,
    k.currency,
    k.is_synthetic,
    w.hours,
    any_value(s.amount) FILTER (WHERE w.days_before = 0) AS seen,
    avg(s.amount) FILTER (WHERE w.days_before > 0 AND s.is_whole) AS usual,
    count(*) FILTER (WHERE w.days_before > 0 AND s.is_whole) AS days_used,
    CASE
        WHEN coalesce(bool_or(s.is_unknown) FILTER (WHERE w.days_before = 0), false) THEN NULL
        ELSE coalesce(any_value(s.coverage) FILTER (WHERE w.days_before = 0), 0)
    END AS coverage
FROM windows AS w
INNER JOIN series_known AS k
    ON w.campaign_id = k.campaign_id AND (k.candidate_id = 'ALL' OR list_contains(w.participants, k.candidate_id) OR k.measure = 'money')
LEFT JOIN windows_summed AS s
    ON w.campaign_id = s.campaign_id AND w.event_id = s.event_id AND w.hours = s.hours AND w.days_before = s.days_before
    AND k.measure = s.measure AND k.series = s.series AND k.scope IS NOT DISTINCT FROM s.scope AND k.candidate_id = s.candidate_id
GROUP BY w.campaign_id, w.event_id, k.measure, k.series, k.scope, k.candidate_id, k.currency, k.is_synthetic, w.hours
ORDER BY k.measure, debate_at, k.is_synthetic, k.series, k.scope DESC, k.candidate_id, w.hours
