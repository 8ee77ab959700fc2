-- A candidate's part of the roster's mentions from an event's start on.
-- grain:  one row for each candidate, kind of source, event and horizon
-- key:    campaign_id, candidate_id, source_kind, event_id, horizon_minutes
-- units:  share 0 to 1 of total_mentions; a post that names two candidates counts for both
-- column mentions: Mentions of the candidate in the window; NULL where nobody looked.
-- column total_mentions: Mentions of all candidates of the roster in the window.
-- column share: mentions / total_mentions; NULL under 30 mentions in all.
-- column ci_low: Lower end of the 95 % interval of the share (Wilson), for as many mentions as they are worth: their shares vary more than those of independent ones.
-- column ci_high: Upper end of that interval.
-- column change: Change of the share against the quiet hours of the 28 days before, as a difference of log odds; NULL where these hold under 30 mentions.
-- column p_placebo: Share of quiet windows in which the share changed as much; NULL under 20 of them.
WITH horizons AS (
    SELECT e.campaign_id, unnest(coalesce(any_value(from_json(c.spec::JSON -> '$.horizons', '["INTEGER"]')), [180, 1440, 4320])) AS horizon_minutes
    FROM (SELECT DISTINCT campaign_id FROM staging.events) AS e
    LEFT JOIN staging.campaigns AS c ON e.campaign_id = c.campaign_id
    GROUP BY e.campaign_id
),

windows AS (
    SELECT
        e.campaign_id,
        e.event_id,
        h.horizon_minutes,
        coalesce(e.starts_at, d.starts_at) AS window_start_at,
        coalesce(e.starts_at, d.starts_at) + to_minutes(h.horizon_minutes) AS window_end_at,
        (epoch(coalesce(e.starts_at, d.starts_at)) - epoch(d.starts_at))::BIGINT % 3600 // 60 AS anchor_minutes,
        e.starts_at IS NULL AND h.horizon_minutes < 4320 AS is_too_fine,
        e.is_held
    FROM staging.events AS e
    INNER JOIN staging.days AS d ON e.campaign_id = d.campaign_id AND e.starts_on = d.local_on
    INNER JOIN horizons AS h ON e.campaign_id = h.campaign_id
    WHERE e.event_kind = 'debate'
),

kinds AS (
    SELECT DISTINCT campaign_id, source_kind FROM staging.sources WHERE source_kind NOT IN ('donations', 'polls', 'signups')
),

hours AS (
    SELECT campaign_id, source_kind, candidate_id, 0 AS anchor_minutes, interval_start_at, mentions, list_contains(flags, 'synthetic') AS is_synthetic
    FROM metrics.buzz_by_interval
    WHERE interval_minutes = 60
    UNION ALL
    SELECT campaign_id, source_kind, candidate_id, anchor_minutes, interval_start_at, value, is_synthetic
    FROM staging.anchored_series
    WHERE outcome = 'mentions'
),

-- Hours that start with the debate where the kind tells them, else those from local midnight.
anchors_chosen AS (
    SELECT w.campaign_id, w.event_id, h.source_kind, max(h.anchor_minutes) AS anchor_minutes
    FROM (SELECT DISTINCT campaign_id, event_id, anchor_minutes FROM windows) AS w
    INNER JOIN (SELECT DISTINCT campaign_id, source_kind, anchor_minutes FROM hours) AS h
        ON w.campaign_id = h.campaign_id AND h.anchor_minutes IN (0, w.anchor_minutes)
    GROUP BY ALL
),

mentions_summed AS (
    SELECT
        w.campaign_id,
        b.source_kind,
        w.event_id,
        w.horizon_minutes,
        b.candidate_id,
        -- The hours that the window's ends cut count by the part inside.
        round(sum(b.mentions * (epoch(least(b.interval_start_at + INTERVAL 1 HOUR, w.window_end_at))
            - epoch(greatest(b.interval_start_at, w.window_start_at))) / 3600))::BIGINT AS mentions,
        bool_or(b.is_synthetic) AS is_synthetic,
        bool_or(b.interval_start_at < w.window_start_at) AS is_apportioned
    FROM windows AS w
    INNER JOIN anchors_chosen AS a ON w.campaign_id = a.campaign_id AND w.event_id = a.event_id
    INNER JOIN hours AS b
        ON w.campaign_id = b.campaign_id AND a.source_kind = b.source_kind AND a.anchor_minutes = b.anchor_minutes
        AND b.interval_start_at < w.window_end_at AND b.interval_start_at + INTERVAL 1 HOUR > w.window_start_at
    GROUP BY w.campaign_id, b.source_kind, w.event_id, w.horizon_minutes, b.candidate_id
),

coverage_summed AS (
    SELECT
        w.campaign_id,
        s.source_kind,
        w.event_id,
        w.horizon_minutes,
        -- Counts are asked for one candidate at a time; all else is seen for the whole roster.
        CASE WHEN ends_with(s.source_kind, '_counts') THEN s.candidate_id END AS candidate_id,
        -- sum() passes over the unknown, so unknown hours are told apart.
        CASE WHEN count(k.coverage) = count(*) THEN
            sum(k.coverage * (epoch(least(k.interval_start_at + INTERVAL 1 HOUR, w.window_end_at)) - epoch(greatest(k.interval_start_at, w.window_start_at))))
            / (any_value(w.horizon_minutes) * 60 * count(DISTINCT s.source_id))
        END AS coverage,
        -- The most that can have been seen: what is unknown may have been, what nobody looked at was not.
        coalesce(sum(epoch(least(k.interval_start_at + INTERVAL 1 HOUR, w.window_end_at)) - epoch(greatest(k.interval_start_at, w.window_start_at)))
            FILTER (WHERE k.coverage IS DISTINCT FROM 0), 0)
            / (any_value(w.horizon_minutes) * 60 * count(DISTINCT s.source_id)) AS coverage_at_most
    FROM windows AS w
    INNER JOIN staging.coverage_by_source AS k
        ON w.campaign_id = k.campaign_id AND k.interval_start_at < w.window_end_at AND k.interval_start_at + INTERVAL 1 HOUR > w.window_start_at
    INNER JOIN staging.sources AS s ON k.campaign_id = s.campaign_id AND k.source_id = s.source_id AND s.source_kind NOT IN ('donations', 'polls', 'signups')
    WHERE k.interval_minutes = 60
    GROUP BY w.campaign_id, s.source_kind, w.event_id, w.horizon_minutes, CASE WHEN ends_with(s.source_kind, '_counts') THEN s.candidate_id END
),

shares_assembled AS (
    SELECT
        w.campaign_id,
        c.candidate_id,
        k.source_kind,
        w.event_id,
        w.horizon_minutes,
        w.is_too_fine,
        w.is_held,
        m.mentions,
        sum(m.mentions) OVER roster AS total_mentions,
        -- A bucket that X counts for one candidate and not for the other is no share.
        min(m.mentions IS NOT NULL) OVER roster AS is_whole_roster,
        o.coverage,
        o.coverage_at_most,
        m.is_synthetic,
        m.is_apportioned
    FROM windows AS w
    INNER JOIN kinds AS k USING (campaign_id)
    INNER JOIN staging.candidates AS c USING (campaign_id)
    LEFT JOIN mentions_summed AS m
        ON w.campaign_id = m.campaign_id AND k.source_kind = m.source_kind AND w.event_id = m.event_id
        AND w.horizon_minutes = m.horizon_minutes AND c.candidate_id = m.candidate_id
    LEFT JOIN coverage_summed AS o
        ON w.campaign_id = o.campaign_id AND k.source_kind = o.source_kind AND w.event_id = o.event_id
        AND w.horizon_minutes = o.horizon_minutes AND c.candidate_id = coalesce(o.candidate_id, c.candidate_id)
    WINDOW roster AS (PARTITION BY w.campaign_id, k.source_kind, w.event_id, w.horizon_minutes)
),

statuses_given AS (
    SELECT *, CASE
        WHEN mentions IS NULL OR NOT is_whole_roster THEN 'no_data'
        WHEN is_too_fine THEN 'precision_too_coarse'
        WHEN coverage < 0.6 OR coverage_at_most < 0.6 THEN 'insufficient_coverage'
        WHEN total_mentions < 30 THEN 'insufficient_sample'
        ELSE 'ok'
    END AS status
    FROM shares_assembled
)

SELECT
    s.campaign_id,
    s.candidate_id,
    s.source_kind,
    s.event_id,
    s.horizon_minutes,
    s.mentions,
    s.total_mentions::BIGINT AS total_mentions,
    CASE WHEN s.status = 'ok' THEN s.mentions / s.total_mentions END AS share,
    CASE WHEN s.status = 'ok' THEN e.ci_low END AS ci_low,
    CASE WHEN s.status = 'ok' THEN e.ci_high END AS ci_high,
    CASE WHEN s.status = 'ok' THEN e.change END AS change,
    CASE WHEN s.status = 'ok' THEN e.p_placebo END AS p_placebo,
    CASE WHEN s.mentions IS NULL THEN 0 ELSE s.coverage END AS coverage,
    s.status,
    list_filter([
        CASE WHEN s.mentions IS NOT NULL AND s.coverage IS NULL THEN 'coverage_unknown' END,
        CASE WHEN NOT s.is_held THEN 'not_held' END,
        CASE WHEN s.is_apportioned THEN 'apportioned' END,
        CASE WHEN list_contains(e.flags, 'exploratory') THEN 'exploratory' END,
        CASE WHEN s.is_synthetic THEN 'synthetic' END
    ], lambda flag : flag IS NOT NULL) AS flags,
    r.run_id
FROM statuses_given AS s
LEFT JOIN staging.share_evidence AS e USING (campaign_id, candidate_id, source_kind, event_id, horizon_minutes)
CROSS JOIN staging.this_run AS r
